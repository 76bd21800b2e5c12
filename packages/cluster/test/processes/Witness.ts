/**
 * A package manager for tests of crashes: its environments are files, and each change appends to the manifest, so that what is
 * done twice is seen. A file that only one process can create witnesses that nobody else is at work.
 */
import { Changes } from "@darb/package-manager/Changes"
import * as Delivery from "@darb/package-manager/driver/Delivery"
import * as Events from "@darb/package-manager/driver/Events"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { operationError } from "@darb/package-manager/driver/OperationError"
import { makeIsolation } from "@darb/package-manager/driver/transaction/Isolation"
import { makeTransaction } from "@darb/package-manager/driver/transaction/Transaction"
import { Manifest } from "@darb/package-manager/Manifest"
import * as Output from "@darb/package-manager/Output"
import { type InitOptions, type InstallOptions, PackageManager } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Memory from "@darb/testing/Memory"
import * as Effect from "effect/Effect"
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export interface WitnessOptions {
  /** What happened, a line of JSON for each. */
  readonly log: string
  /** How long an install takes, in milliseconds, unless its package is `sleep-N`; `lines-N` writes as many lines at once. */
  readonly duration: number
}

/** A line of the log. */
export interface Note {
  readonly what: "start" | "end" | "overlap" | "interrupted" | "run"
  readonly environment: string
  readonly packages: ReadonlyArray<string>
  readonly pid: number
  readonly at: number
}

export const make = Effect.fnUntraced(function*({ duration, log }: WitnessOptions) {
  const memory = yield* Memory.make()
  const transaction = yield* makeTransaction({
    end: () => Effect.succeed(true),
    endRecorded: () => Effect.void,
    record: () => (effect) => effect
  })
  const isolation = yield* makeIsolation(transaction, {}, { recover: () => Effect.void })

  const note = (what: Note["what"], environment: string, packages: ReadonlyArray<string>) =>
    appendFileSync(log, `${JSON.stringify({ what, environment, packages, pid: process.pid, at: Date.now() })}\n`)

  const file = (path: string) => join(path, "witness.json")
  /** In one step, so that nobody reads a part. */
  const replace = (path: string, packages: ReadonlyArray<string>) => {
    writeFileSync(`${file(path)}.new`, JSON.stringify(packages))
    renameSync(`${file(path)}.new`, file(path))
  }
  const manifestOf = (path: string) => {
    const bytes = readFileSync(file(path))
    const packages: ReadonlyArray<string> = JSON.parse(bytes.toString())
    return new Manifest({
      file: file(path),
      name: path,
      packages: Object.fromEntries(packages.map((name, at) => [`${at} ${name}`, "*"])),
      pypiPackages: {},
      channels: [],
      platforms: [],
      bytes: new Uint8Array(bytes)
    })
  }

  const begin = (operation: Errors.OperationName, environment: string) =>
    Effect.map(Delivery.marker, (marker): Operation => ({ manager: "witness", operation, environment, marker }))

  const notFound = (operation: Operation) =>
    new Errors.EnvironmentNotFound({ ...contextOf(operation), reason: "there is no witness.json" })

  const check = (operation: Operation) =>
    Effect.suspend(() => existsSync(file(operation.environment)) ? Effect.void : notFound(operation))

  const install = Effect.fnUntraced(function*({ packages = [], path }: InstallOptions) {
    const operation = yield* begin("install", path)
    const [first = ""] = packages
    if (first === "poison") return yield* Effect.dieMessage("a poison job")
    const [, given] = /^sleep-(\d+)/.exec(first) ?? []
    const [, lines] = /^lines-(\d+)/.exec(first) ?? []
    const write = (_: unknown, line: number) =>
      Events.emit((about) =>
        new Output.Output({ ...about, pid: process.pid, stream: "stdout", line: `line ${line}`, continued: false })
      )
    const work = Effect.gen(function*() {
      const witness = join(path, "at-work")
      yield* Effect.acquireUseRelease(
        Effect.sync(() => {
          try {
            writeFileSync(witness, "", { flag: "wx" })
          } catch {
            const holder = Number(readFileSync(witness, "utf8") || 0)
            if (holder !== 0 && existsSync(`/proc/${holder}`)) note("overlap", path, packages)
          }
          writeFileSync(witness, `${process.pid}`)
          note("start", path, packages)
        }),
        () =>
          Effect.gen(function*() {
            yield* Events.emit((about) =>
              new Output.Progress({ ...about, phase: "linking", package: null, bytes: null, totals: null })
            )
            if (lines !== undefined) {
              yield* Effect.forEach(Array.from({ length: Number(lines) }), write, { discard: true })
            } else yield* Effect.sleep(given === undefined ? duration : Number(given))
            const before: ReadonlyArray<string> = JSON.parse(readFileSync(file(path), "utf8"))
            replace(path, [...before, ...packages])
          }),
        (_, exit) =>
          Effect.sync(() => {
            note(exit._tag === "Success" ? "end" : "interrupted", path, packages)
            rmSync(witness, { force: true })
          })
      )
      return new Changes({ added: [], removed: [], changed: [] })
    })
    return yield* isolation.exclusively(
      operation,
      check(operation),
      isolation.transactional(operation, { files: [file(path)] })(work)
    ).pipe(Events.within(operation), Effect.mapError(operationError(operation)))
  })

  const init = Effect.fnUntraced(function*({ path }: InitOptions) {
    const operation = yield* begin("init", path)
    const create = Effect.gen(function*() {
      if (existsSync(file(path))) {
        return yield* new Errors.EnvironmentExists({ ...contextOf(operation), manifest: file(path) })
      }
      return yield* isolation.transactional(operation, { files: [file(path)] })(Effect.sync(() => {
        replace(path, [])
        return manifestOf(path)
      }))
    })
    return yield* isolation.exclusively(operation, Effect.sync(() => mkdirSync(path, { recursive: true })), create)
      .pipe(
        Effect.mapError(operationError(operation))
      )
  })

  return PackageManager.of({
    ...memory,
    name: "witness",
    install,
    init,
    getManifest: ({ path }) =>
      Effect.flatMap(
        begin("getManifest", path),
        (operation) => Effect.andThen(check(operation), Effect.sync(() => manifestOf(path)))
      ),
    run: ({ command = [], path }) =>
      Effect.gen(function*() {
        note("run", path, command)
        const operation = yield* begin("run", path)
        const about = { ...Events.identityOf(operation), pid: process.pid }
        yield* Events.emit(() => new Output.Output({ ...about, stream: "stdout", line: "running", continued: false }))
        yield* Effect.sleep(Number(command[1] ?? 0))
        return { exitCode: 0, signal: null }
      })
  })
})
