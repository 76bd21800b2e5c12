/** An environment that faults are injected into, with a home and an executable of its own. */
import type { PixiOptions } from "@darb/pixi/Pixi"
import * as Effect from "effect/Effect"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Channel } from "./Channel.js"
import type { Driver } from "./Driver.js"
import type { Manager, Operation } from "./Operation.js"
import * as Run from "./Run.js"
import type { Switch } from "./standIn/Switch.js"

export interface Target {
  readonly driver: Driver
  readonly label: string
  /** The path of a real executable; the stand-in otherwise. */
  readonly executable?: string | undefined
}

/** What all environments have in common. */
export interface Shared {
  readonly root: string
  readonly channel: Channel
}

const standIn = fileURLToPath(new URL("standIn.js", import.meta.url))

/** The files, with their modes, that an operation must leave as they were if it does not succeed. */
export const filesOf = (path: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  if (!existsSync(path)) return found
  found.set(".", "directory")
  for (const name of readdirSync(path).sort()) {
    if (name === ".pixi" || name === ".venv" || name.startsWith(".darb")) continue
    const { mode } = statSync(join(path, name))
    found.set(name, `${(mode & 0o7777).toString(8)} ${readFileSync(join(path, name), "latin1")}`)
  }
  return found
}

/** The names of the files that differ. */
export const differences = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): ReadonlyArray<string> =>
  [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name))

/** What operations keep in a directory only while they run. */
export const stateIn = (path: string): ReadonlyArray<string> =>
  existsSync(path) ? readdirSync(path).filter((name) => name.startsWith(".darb")) : []

export class Environment {
  readonly directory: string
  readonly home: string
  readonly path: string
  readonly executable: string
  readonly driver: Driver
  readonly isReal: boolean
  /** How many milliseconds an operation may take. */
  readonly limit: number
  readonly options: PixiOptions
  /** The manager in use; another one is made if there is none. */
  manager: Manager | undefined

  constructor(readonly shared: Shared, readonly target: Target, readonly name: string) {
    this.directory = join(shared.root, name)
    this.home = join(this.directory, "home")
    this.path = join(this.directory, "env")
    this.driver = target.driver
    this.executable = join(this.directory, this.driver.name)
    this.isReal = target.executable !== undefined
    this.limit = this.isReal ? 60_000 : 30_000
    this.options = {
      executable: this.executable,
      gracePeriod: "300 millis",
      limit: "15 seconds",
      shortLimit: "15 seconds",
      environment: {
        HOME: this.home,
        ...this.driver.variables(this.home),
        XDG_CONFIG_HOME: join(this.home, "config"),
        NO_PROXY: "127.0.0.1",
        no_proxy: "127.0.0.1"
      }
    }
    mkdirSync(this.home, { recursive: true })
    this.putExecutable()
  }

  /** A manager that has not yet asked for the version. */
  get newManager() {
    return this.driver.make(this.options)
  }

  get currentManager() {
    return Effect.gen(this, function*() {
      return this.manager ??= yield* this.newManager
    })
  }

  putExecutable(): void {
    rmSync(this.executable, { recursive: true, force: true })
    if (this.target.executable !== undefined) return symlinkSync(this.target.executable, this.executable)
    writeFileSync(this.executable, `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`)
    chmodSync(this.executable, 0o755)
  }

  /** Makes the environment that every fault starts from. */
  get prepare() {
    return Effect.gen(this, function*() {
      for (const operation of [this.initOf(this.path), this.install("greet==1.0")]) {
        const { detail, kind } = yield* this.patiently(operation)
        if (kind !== "succeeded") {
          return yield* Effect.dieMessage(`${this.target.label} cannot be prepared: ${detail}`)
        }
      }
      return this
    })
  }

  install(...packages: ReadonlyArray<string>): Operation {
    return { name: "install", path: this.path, packages }
  }

  initOf(path: string): Operation {
    return { name: "init", path, ...this.driver.init(this.shared.channel.urlOf(this.name)) }
  }

  /** Begins an operation with the current manager. */
  start(operation: Operation, options?: Omit<Run.StartOptions, "manager" | "operation">) {
    return Effect.flatMap(this.currentManager, (manager) => Run.start({ manager, operation, ...options }))
  }

  /** Waits for the end of an operation, up to the limit. */
  end(running: Run.Running) {
    return Run.within(this.limit, running)
  }

  /** Performs an operation. Some versions of pixi occasionally hang: what timed out is tried again. */
  patiently(operation: Operation) {
    return Effect.flatMap(this.start(operation), (running) => this.end(running)).pipe(
      Effect.repeat({ while: ({ tag }) => this.isReal && tag === "CommandTimedOut", times: 5 })
    )
  }

  /** Tells the stand-in how to behave. */
  switchTo(change: Switch): void {
    writeFileSync(join(this.home, "switch.json"), JSON.stringify(change))
  }

  /** Ends the misbehaviour of the stand-in and of the channel. */
  calm(): void {
    rmSync(join(this.home, "switch.json"), { force: true })
    this.shared.channel.answer(this.name, {})
  }

  /** Empties the caches, so that the next solve and the next download ask the channel. */
  forget(): void {
    rmSync(join(this.home, "cache"), { recursive: true, force: true })
    rmSync(join(this.home, "xdg-cache"), { recursive: true, force: true })
  }

  /** The names in the manifest. */
  dependencies(): ReadonlyArray<string> {
    return this.driver.dependencies(readFileSync(join(this.path, this.driver.manifest), "utf8"))
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 })
  }

  toString(): string {
    return `${this.target.label} ${basename(this.directory)}`
  }
}
