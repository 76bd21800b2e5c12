// @ts-check
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
import { start, within } from "./run.js"

/** @typedef {import("./operations.js").Manager} Manager */
/** @typedef {import("./operations.js").Operation} Operation */
/** @typedef {import("./run.js").Outcome} Outcome */
/** @typedef {import("./standIn.js").Switch} Switch */

/**
 * @typedef {object} Target what plays the manager
 * @property {import("./managers.js").Kind} kind
 * @property {string} label
 * @property {string | undefined} executable the path of a real one; the stand-in otherwise
 */

/**
 * @typedef {object} Shared
 * @property {string} root
 * @property {import("./run.js").Runtime} runtime
 * @property {Awaited<ReturnType<typeof import("./channel.js").serve>>} channel
 */

const standIn = fileURLToPath(new URL("standIn.js", import.meta.url))

/**
 * What an operation that does not succeed leaves as it was: all files, with their modes, but for what is installed.
 *
 * @param {string} path
 * @returns {Map<string, string>}
 */
export const filesOf = (path) => {
  /** @type {Map<string, string>} */
  const found = new Map()
  if (!existsSync(path)) return found
  found.set(".", "directory")
  for (const name of readdirSync(path).sort()) {
    if (name === ".pixi" || name === ".venv" || name.startsWith(".darb")) continue
    const { mode } = statSync(join(path, name))
    found.set(name, `${(mode & 0o7777).toString(8)} ${readFileSync(join(path, name), "latin1")}`)
  }
  return found
}

/**
 * @param {ReadonlyMap<string, string>} a
 * @param {ReadonlyMap<string, string>} b
 * @returns {Array<string>} the names of the files that differ
 */
export const differences = (a, b) =>
  [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name))

/**
 * What an operation keeps for itself while it runs.
 *
 * @param {string} path
 */
export const stateIn = (path) => existsSync(path) ? readdirSync(path).filter((name) => name.startsWith(".darb")) : []

/** An environment, with a home and an executable of its own. */
export class Environment {
  /**
   * @param {Shared} shared
   * @param {Target} target
   * @param {string} name
   */
  constructor(shared, target, name) {
    this.shared = shared
    this.target = target
    this.name = name
    this.directory = join(shared.root, name)
    this.home = join(this.directory, "home")
    this.path = join(this.directory, "env")
    this.kind = target.kind
    this.executable = join(this.directory, this.kind.name)
    this.isReal = target.executable !== undefined
    this.stepLimit = this.isReal ? 60_000 : 30_000
    this.url = shared.channel.urlOf(name)
    mkdirSync(this.home, { recursive: true })
    this.putExecutable()
    /** @type {import("@darb/pixi/Pixi").PixiOptions} */
    this.options = {
      executable: this.executable,
      gracePeriod: "300 millis",
      limit: "15 seconds",
      shortLimit: "15 seconds",
      environment: {
        HOME: this.home,
        ...this.kind.variables(this.home),
        XDG_CONFIG_HOME: join(this.home, "config"),
        NO_PROXY: "127.0.0.1",
        no_proxy: "127.0.0.1"
      }
    }
  }

  /** @returns {Promise<Manager>} one that has asked nothing yet */
  newManager() {
    return this.shared.runtime.runPromise(this.kind.make(this.options))
  }

  putExecutable() {
    rmSync(this.executable, { recursive: true, force: true })
    if (this.target.executable !== undefined) return symlinkSync(this.target.executable, this.executable)
    writeFileSync(this.executable, `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`)
    chmodSync(this.executable, 0o755)
  }

  /** Makes what everything starts from. */
  async prepare() {
    this.manager = await this.newManager()
    for (const operation of [this.initOf(this.path), this.install("greet==1.0")]) {
      const outcome = await this.patiently(operation)
      if (outcome.kind !== "succeeded") throw new Error(`${this.target.label} cannot be prepared: ${outcome.detail}`)
    }
    return this
  }

  /**
   * @param {...string} packages
   * @returns {Operation}
   */
  install(...packages) {
    return { name: "install", path: this.path, packages }
  }

  /**
   * @param {string} path
   * @returns {Operation}
   */
  initOf(path) {
    return { name: "init", path, ...this.kind.init(this.url) }
  }

  /**
   * Does an operation to its end.
   *
   * @param {Operation} operation
   * @param {Omit<import("./run.js").StartOptions, "manager" | "operation" | "runtime">} [options]
   */
  async does(operation, options = {}) {
    const manager = await this.currentManager()
    const running = start({ runtime: this.shared.runtime, manager, operation, ...options })
    return within(this.stepLimit, running)
  }

  /** @returns {Promise<Manager>} */
  async currentManager() {
    return this.manager ??= await this.newManager()
  }

  /**
   * Some versions of pixi do not come to an end now and then: what is given up is done again.
   *
   * @param {Operation} operation
   * @returns {Promise<Outcome>}
   */
  async patiently(operation, times = 6) {
    const outcome = await this.does(operation)
    return this.isReal && outcome.tag === "CommandTimedOut" && times > 1
      ? this.patiently(operation, times - 1)
      : outcome
  }

  /** @param {Switch} change */
  switchTo(change) {
    writeFileSync(join(this.home, "switch.json"), JSON.stringify(change))
  }

  /** Everything goes well from now on. */
  calm() {
    rmSync(join(this.home, "switch.json"), { force: true })
    this.shared.channel.answer(this.name, {})
  }

  /** Makes the next solve and the next download ask the channel. */
  forget() {
    rmSync(join(this.home, "cache"), { recursive: true, force: true })
    rmSync(join(this.home, "xdg-cache"), { recursive: true, force: true })
  }

  /** The names in the manifest. */
  dependencies() {
    return this.kind.dependencies(readFileSync(join(this.path, this.kind.manifest), "utf8"))
  }

  remove() {
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 })
  }

  toString() {
    return `${this.target.label} ${basename(this.directory)}`
  }
}
