/** A toy driver: all that a driver needs, for an executable with a manifest `toy.json`, a lock file and a prefix `.toy`. */
import { Activation } from "@darb/package-manager/Activation"
import type { Capabilities } from "@darb/package-manager/Capabilities"
import { makeCreation } from "@darb/package-manager/driver/Creation"
import type { Belongings } from "@darb/package-manager/driver/Destruction"
import type { Directories } from "@darb/package-manager/driver/Directories"
import { makeDriver } from "@darb/package-manager/driver/Driver"
import type {
  ExecutableDescription,
  ExecutableOptions
} from "@darb/package-manager/driver/executable/ExecutableDescription"
import { makeManager } from "@darb/package-manager/driver/Manager"
import { contextOf, type EnvironmentOperation, type Operation } from "@darb/package-manager/driver/Operation"
import type { Files } from "@darb/package-manager/driver/Operations"
import { refuse } from "@darb/package-manager/driver/Options"
import { evidenceOf } from "@darb/package-manager/driver/process/Evidence"
import { invalidSpec, parser } from "@darb/package-manager/driver/Spec"
import { Manifest } from "@darb/package-manager/Manifest"
import { Package } from "@darb/package-manager/Package"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Status from "@darb/package-manager/Status"
import * as MemorySpec from "@darb/testing/MemorySpec"
import * as Path from "@effect/platform/Path"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

// 1. What the manager can do. An option that is not named here is refused before anything runs.
export const capabilities: Capabilities = {
  kinds: ["pypi"],
  options: {
    init: [],
    install: ["packages"],
    remove: ["packages"],
    update: ["packages"],
    list: [],
    status: [],
    run: ["command", "variables", "directory", "stdin", "stdio", "output"],
    activation: [],
    getManifest: [],
    clean: [],
    destroy: []
  },
  exceptions: {}
}

// 2. The executable: how to ask for its version, to end it, and to read why it failed.
const Failure = Schema.parseJson(Schema.Union(
  Schema.TaggedStruct("PackageNotFound", { packages: Schema.Array(Schema.String) }),
  Schema.TaggedStruct("Unsolvable", { explanation: Schema.String })
))

const description: ExecutableDescription<string> = {
  manager: "toy",
  inherited: [],
  fixed: {},
  signals: ["SIGTERM"],
  oldest: "1.0",
  read: (stdout) =>
    Either.fromNullable(/^toy (\S+)/.exec(stdout)?.[1], () => ({ found: stdout, reason: "it is not toy" })),
  limit: () => Duration.infinity,
  classify: (operation, result) => {
    const context = contextOf(operation)
    const failure = Schema.decodeUnknownOption(Failure)(result.stderr.trim())
    if (Option.isNone(failure)) {
      return new Errors.CommandFailed({ ...context, evidence: evidenceOf(result), reason: "toy failed" })
    }
    return failure.value._tag === "PackageNotFound"
      ? new Errors.PackageNotFound({ ...context, packages: failure.value.packages, platform: null })
      : new Errors.Unsolvable({ ...context, explanation: failure.value.explanation })
  },
  progress: {
    commands: new Set(["add", "remove", "sync", "update"]),
    environment: {},
    installs: () => true,
    isLogged: () => false,
    parse: () => undefined
  }
}

// 3. The files of an environment: where they are, and how they are read.
const ManifestFile = Schema.Struct({
  name: Schema.String,
  packages: Schema.Record({ key: Schema.String, value: Schema.String })
})
const LockFile = Schema.Array(Schema.Struct({ name: Schema.String, version: Schema.String }))
type Lock = typeof LockFile.Type

interface Environment extends EnvironmentOperation {
  readonly decoded: typeof ManifestFile.Type
  readonly bytes: Uint8Array
}

const text = new TextDecoder()

const makeFiles = Effect.fnUntraced(function*(directories: Directories) {
  const path = yield* Path.Path
  const prefixOf = ({ environment }: Operation) => path.join(environment, ".toy")

  const readManifest = Effect.fnUntraced(function*(operation: EnvironmentOperation) {
    const bytes = yield* directories.readCommitted(operation, operation.manifest)
    if (bytes !== undefined) return bytes
    return yield* new Errors.EnvironmentNotFound({ ...contextOf(operation), reason: "it has no toy.json" })
  })

  const open: Files<Environment, Lock>["open"] = Effect.fnUntraced(function*(operation, committed) {
    yield* directories.checkExists(operation)
    const { environment } = operation
    const place = { manifest: path.join(environment, "toy.json"), lock: path.join(environment, "toy.lock"), committed }
    const bytes = yield* readManifest({ ...operation, ...place })
    const decoded = yield* Effect.mapError(
      Schema.decodeUnknown(Schema.parseJson(ManifestFile))(text.decode(bytes)),
      ({ message }) => new Errors.ManifestInvalid({ ...contextOf(operation), file: place.manifest, reason: message })
    )
    return { ...operation, ...place, bytes, decoded }
  })

  /** A list of packages; `undefined` if there is no such file. */
  const readList = Effect.fnUntraced(function*(environment: Environment, file: string) {
    const bytes = yield* directories.readCommitted(environment, file)
    if (bytes === undefined) return undefined
    return yield* Effect.mapError(
      Schema.decodeUnknown(Schema.parseJson(LockFile))(text.decode(bytes)),
      ({ message }) => new Errors.LockInvalid({ ...contextOf(environment), file, reason: message })
    )
  })

  const readLock = (environment: Environment) => readList(environment, environment.lock)
  const readPrefix = (environment: Environment) =>
    readList(environment, path.join(prefixOf(environment), "installed.json"))

  const identities = (names: Lock | undefined) => names?.map((found) => ({ ...found, kind: "pypi", build: null }))

  const files: Files<Environment, Lock> & Belongings = {
    check: open,
    open,
    readLock,
    readAnyLock: readLock,
    entries: (lock) =>
      lock.map((found) => ({
        ...found,
        kind: "pypi",
        build: null,
        source: null,
        environment: "default",
        platform: "any"
      })),
    statusWith: (environment, lock) =>
      Effect.map(readPrefix(environment), (installed) =>
        Status.between({
          environment: environment.environment,
          asked: Object.keys(environment.decoded.packages).map((name) => ({ name, kind: "pypi" })),
          locked: identities(lock),
          installed: identities(installed)
        })),
    totals: {
      linked: (environment) => Effect.map(readPrefix(environment), (installed) => identities(installed) ?? []),
      toLink: (_, lock) =>
        Effect.succeed((installed) => {
          const isInstalled = ({ name, version }: Lock[number]) =>
            installed.some((found) => found.name === name && found.version === version)
          const missing = lock.filter((found) => !isInstalled(found))
          return new Map(missing.map(({ name }) => [name, { size: null, archive: null }]))
        })
    },
    prefix: prefixOf,
    nameOf: ({ decoded }) => decoded.name,
    removable: (operation) => Effect.succeed([prefixOf(operation)]),
    parts: () => Effect.succeed([])
  }
  return { ...files, readPrefix }
})

const parse = parser((spec) =>
  Either.map(MemorySpec.parse(spec), (parsed) => ({ name: parsed.name, isBare: MemorySpec.isBare(parsed) }))
)

// 4. The operations: each decides what to run. The driver kit locks, snapshots, restores and compares.
export const make = Effect.fnUntraced(function*(options: ExecutableOptions) {
  const driver = yield* makeDriver(description, options, makeFiles)
  const { change, destruction, executable, files, inspect, programs, status } = driver
  const create = yield* makeCreation(driver.isolation)
  const path = yield* Path.Path

  const run = (environment: EnvironmentOperation, command: string, args: ReadonlyArray<string> = []) =>
    Effect.andThen(
      executable.capabilities(environment),
      executable.run(environment, [command, environment.environment, ...args])
    )

  const checkKnown = (environment: Environment, names: ReadonlyArray<string>, known: ReadonlyArray<string>) => {
    const packages = names.filter((name) => !known.includes(name))
    return packages.length === 0
      ? Effect.void
      : new Errors.DependencyNotFound({ ...contextOf(environment), packages })
  }

  const toManifest = ({ bytes, decoded, environment, manifest }: Environment) =>
    new Manifest({
      file: manifest,
      name: decoded.name || path.basename(environment),
      packages: {},
      pypiPackages: decoded.packages,
      channels: [],
      platforms: [],
      bytes
    })

  const activate = Effect.fnUntraced(function*(operation: Operation) {
    const environment = yield* inspect(operation)
    const prefix = files.prefix(environment)
    if ((yield* files.readPrefix(environment)) === undefined) {
      return yield* new Errors.EnvironmentNotInstalled({ ...contextOf(operation), prefix })
    }
    return new Activation({
      environment: environment.environment,
      prefix,
      path: [path.join(prefix, "bin")],
      set: {},
      unset: [],
      scripts: []
    })
  })

  return makeManager({
    name: "toy",
    module: "Toy",
    capabilities,
    directories: driver.directories,
    version: executable.version,
    handlers: {
      init: (operation) => {
        const place = {
          manifest: path.join(operation.environment, "toy.json"),
          lock: path.join(operation.environment, "toy.lock")
        }
        const find = (operation: Operation) =>
          files.open(operation).pipe(
            Effect.map(({ manifest }) => manifest),
            Effect.catchTags({
              EnvironmentNotFound: () => Effect.succeed(undefined),
              ManifestInvalid: ({ file }) => Effect.succeed(file)
            })
          )
        return create(
          operation,
          { files: ["toy.json", "toy.lock"], directories: [".toy"], find, check: Effect.void },
          Effect.andThen(run({ ...operation, ...place }, "init"), Effect.map(files.open(operation), toManifest))
        )
      },
      install: Effect.fnUntraced(function*(operation, { packages = [] }) {
        const specs = yield* Effect.mapError(Either.all(packages.map(parse)), invalidSpec(operation))
        return yield* change(operation, (environment) => {
          const added = specs.filter(({ isBare, name }) => !(isBare && name in environment.decoded.packages))
          return Effect.succeed(() =>
            added.length === 0 ? run(environment, "sync") : run(environment, "add", added.map(({ spec }) => spec))
          )
        })
      }),
      remove: (operation, { packages }) =>
        packages.length === 0
          ? refuse(operation, "packages", "[]", "name at least one package to remove")
          : change(operation, (environment) =>
            Effect.as(
              checkKnown(environment, packages, Object.keys(environment.decoded.packages)),
              () => run(environment, "remove", packages)
            )),
      update: (operation, { packages = [] }) =>
        change(operation, (environment) =>
          Effect.succeed((lock) =>
            Effect.andThen(
              checkKnown(environment, packages, lock?.map(({ name }) => name) ?? []),
              run(environment, "update", packages)
            )
          )),
      list: Effect.fnUntraced(function*(operation) {
        const environment = yield* inspect(operation)
        const installed = new Map((yield* files.readPrefix(environment))?.map(({ name, version }) => [name, version]))
        return ((yield* files.readLock(environment)) ?? []).map(({ name, version }) =>
          new Package({
            name,
            version,
            kind: "pypi",
            build: null,
            source: null,
            direct: name in environment.decoded.packages,
            size: null,
            installed: installed.get(name) ?? null
          })
        )
      }),
      status: (operation) => Effect.flatMap(inspect(operation), status),
      getManifest: (operation) => Effect.map(inspect(operation), toManifest),
      activation: activate,
      run: Effect.fnUntraced(function*(operation, options) {
        yield* programs.check(operation, options)
        return yield* programs.run(operation, options, yield* activate(operation))
      }),
      clean: destruction.clean,
      destroy: destruction.destroy
    },
    environments: destruction.environments("toy")
  })
})
