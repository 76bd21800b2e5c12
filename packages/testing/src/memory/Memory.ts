/**
 * A `PackageManager` in memory, for tests of applications: no files, no processes, no network.
 *
 * It obeys the same laws as the drivers: the same operations succeed and fail with the same errors, and a failed or
 * interrupted operation changes nothing. `MemorySolver` chooses the versions, `MemorySpec` parses the specs. Locked
 * versions stay until an update, where the specs allow it.
 *
 * @module
 * @since 0.1.0
 */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import * as Delivery from "@darb/package-manager/driver/Delivery"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { checkOptions, refuse } from "@darb/package-manager/driver/Options"
import type { InstallError, RemoveError, UpdateError } from "@darb/package-manager/OperationErrors"
import type { Kind } from "@darb/package-manager/Package"
import {
  type DryRun,
  type InitOptions,
  type InstallOptions,
  PackageManager,
  type RemoveOptions,
  type UpdateOptions
} from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { capabilitiesOf } from "./MemoryCapabilities.js"
import { examples } from "./MemoryExamples.js"
import * as MemoryProgram from "./MemoryProgram.js"
import { makeRoot } from "./MemoryRoot.js"
import * as MemorySolver from "./MemorySolver.js"
import * as MemorySpec from "./MemorySpec.js"
import type { Chosen, MemoryEnvironment, State } from "./MemoryState.js"
import * as Memory from "./MemoryState.js"
import { makeStore } from "./MemoryStore.js"

export type { MemoryEnvironment }

export { examples } from "./MemoryExamples.js"

/**
 * What exists in memory, and how long changes take.
 *
 * @since 0.1.0
 * @category options
 */
export interface MemoryOptions {
  /** The available packages; by default `examples`. */
  readonly packages?: ReadonlyArray<MemorySolver.MemoryPackage> | undefined
  /** The environments that exist from the start; by default none. */
  readonly environments?: ReadonlyArray<MemoryEnvironment> | undefined
  /** How long each change takes in virtual time; by default no time. */
  readonly duration?: Duration.DurationInput | undefined
  /** Programs for `run` by name, in addition to the default ones. */
  readonly programs?: Readonly<Record<string, MemoryProgram.MemoryProgram>> | undefined
  /** The kind of all packages; by default `conda`. */
  readonly kind?: Kind | undefined
  /** The directory that contains all environments. By default they can be anywhere. */
  readonly root?: string | undefined
}

/** Turns a mistake in a test into a defect. */
const orDie = <A>(given: Either.Either<A, string>): Effect.Effect<A> =>
  Either.match(given, { onLeft: (reason) => Effect.die(new Error(`Memory: ${reason}`)), onRight: Effect.succeed })

/**
 * Makes a manager with environments of its own. Dies if the given packages or environments are invalid.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: MemoryOptions = {}) {
  const { duration = Duration.zero, kind = "conda", packages = examples } = options
  const index = yield* orDie(MemorySolver.index(packages))
  const capabilities = capabilitiesOf(kind, index)
  const initial = yield* Effect.forEach(
    options.environments ?? [],
    (environment) => orDie(Memory.fromGiven(environment))
  )
  const store = makeStore(new Map(initial), duration)
  const programs = MemoryProgram.make(store, options.programs)
  const root = makeRoot(options.root, store, kind)

  const begin = Effect.fnUntraced(function*<Name extends keyof Capabilities["options"]>(
    name: Name,
    given: { readonly path: string }
  ) {
    const operation: Operation = {
      manager: "memory",
      operation: name,
      environment: root.resolve(given.path),
      marker: yield* Delivery.marker
    }
    if (given.path === "") return yield* refuse({ ...operation, environment: "" }, "path", "", "it is empty")
    if (given.path.includes("\0")) return yield* refuse(operation, "path", given.path, "it contains a NUL byte")
    yield* root.check(operation, given.path)
    yield* checkOptions(operation, given, capabilities.options[name])
    return operation
  })

  const change = <E>(
    operation: Operation,
    decide: (before: State) => Effect.Effect<State, E>,
    { dryRun = false }: DryRun = {}
  ) =>
    Effect.map(
      store.change(operation, decide, dryRun),
      ({ after, before }) => Memory.changes(operation.environment, kind, [before, after, dryRun ? before : after])
    )

  /** Solves a state. Packages in `free` need not keep their locked versions. */
  const solved = Effect.fnUntraced(function*(
    operation: Operation,
    state: State,
    options: { readonly noInstall?: boolean | undefined; readonly free?: ReadonlySet<string> | "all" | undefined } = {}
  ) {
    const specs = [...state.specs.values()]
    const unknown = specs.map(({ name }) => name).filter((name) => !index.has(name))
    if (unknown.length > 0) {
      return yield* new Errors.PackageNotFound({ ...contextOf(operation), packages: unknown, platform: null })
    }
    const { free = new Set(), noInstall = false } = options
    const kept = free === "all" ? [] : state.lock?.filter(({ name }) => !free.has(name)) ?? []
    const lock = yield* MemorySolver.solve(index, specs, new Map(kept.map(({ name, version }) => [name, version])))
      .pipe(
        Either.map((candidates) => candidates.map(({ name, version }): Chosen => ({ name, version }))),
        Either.mapLeft((explanation) => new Errors.Unsolvable({ ...contextOf(operation), explanation }))
      )
    const after: State = { ...state, lock, installed: noInstall ? state.installed : lock }
    return after
  })

  const specsOf = (operation: Operation, packages: ReadonlyArray<string>) =>
    Either.mapLeft(
      MemorySpec.parseAll(packages),
      (refused) => new Errors.InvalidSpec({ ...contextOf(operation), ...refused })
    )

  /** Installs the locked packages; with `locked`, only if they satisfy the specs. */
  const asLocked = Effect.fnUntraced(function*(operation: Operation, before: State, given: InstallOptions) {
    const { frozen = false, noInstall = false } = given
    const outdated = new Errors.LockOutdated({ ...contextOf(operation), file: Memory.lockFile(operation.environment) })
    if (before.lock === undefined) return yield* outdated
    if (!frozen && !isSame(before.lock, (yield* solved(operation, before)).lock)) return yield* outdated
    return noInstall ? before : { ...before, installed: before.lock }
  })

  const init = Effect.fn("Memory.init")(function*(given: InitOptions) {
    const operation = yield* begin("init", given)
    const name = given.name ?? Memory.baseName(operation.environment)
    if (name.trim() === "") return yield* refuse(operation, "name", name, "it is empty")
    const python = given.python === undefined ? [] : [yield* pythonSpec(operation, given.python)]
    const empty: State = {
      name,
      specs: new Map(python.map((spec) => [spec.name, spec])),
      lock: undefined,
      installed: undefined
    }
    const state = yield* store.create(operation, python.length === 0 ? Effect.succeed(empty) : solved(operation, empty))
    return Memory.manifest(operation.environment, kind, state)
  })

  const install = Effect.fn("Memory.install")(function*(given: InstallOptions) {
    const operation = yield* begin("install", given)
    const { frozen = false, locked = false, packages = [] } = given
    if ((locked || frozen) && packages.length > 0) {
      const reason = "adding packages changes the lock file; give one or the other"
      return yield* refuse(operation, locked ? "locked" : "frozen", "true", reason)
    }
    if (locked && frozen) return yield* refuse(operation, "frozen", "true", "it cannot be combined with locked")
    const specs = yield* specsOf(operation, packages)
    return yield* change<InstallError>(operation, (before) => {
      if (locked || frozen) return asLocked(operation, before, given)
      const added = specs.filter((spec) => !(MemorySpec.isBare(spec) && before.specs.has(spec.name)))
      const specsAfter = new Map([...before.specs, ...added.map((spec) => [spec.name, spec] as const)])
      return solved(operation, { ...before, specs: specsAfter }, given)
    }, given)
  })

  const remove = Effect.fn("Memory.remove")(function*(given: RemoveOptions) {
    const operation = yield* begin("remove", given)
    if (given.packages.length === 0) {
      return yield* refuse(operation, "packages", "[]", "name at least one package to remove")
    }
    return yield* change<RemoveError>(operation, (before) => {
      const unknown = given.packages.filter((name) => !before.specs.has(name.toLowerCase()))
      if (unknown.length > 0) return new Errors.DependencyNotFound({ ...contextOf(operation), packages: unknown })
      const gone = new Set(given.packages.map((name) => name.toLowerCase()))
      const specs = new Map([...before.specs].filter(([name]) => !gone.has(name)))
      return solved(operation, { ...before, specs }, given)
    }, given)
  })

  const update = Effect.fn("Memory.update")(function*(given: UpdateOptions) {
    const operation = yield* begin("update", given)
    const { packages = [] } = given
    return yield* change<UpdateError>(operation, (before) => {
      const there = new Set([...before.specs.keys(), ...before.lock?.map(({ name }) => name) ?? []])
      const unknown = packages.filter((name) => !there.has(name.toLowerCase()))
      if (unknown.length > 0) return new Errors.DependencyNotFound({ ...contextOf(operation), packages: unknown })
      const free = packages.length === 0 ? "all" : new Set(packages.map((name) => name.toLowerCase()))
      return solved(operation, before, { ...given, free })
    }, given)
  })

  return PackageManager.of({
    name: "memory",
    capabilities,
    // There is no executable with a version of its own.
    version: Effect.succeed("1.0.0"),
    init,
    install,
    remove,
    update,
    list: Effect.fn("Memory.list")(function*(given) {
      return Memory.list(kind, yield* store.read(yield* begin("list", given)))
    }),
    status: Effect.fn("Memory.status")(function*(given) {
      const operation = yield* begin("status", given)
      return Memory.status(operation.environment, kind, yield* store.read(operation))
    }),
    activation: Effect.fn("Memory.activation")((given) =>
      Effect.flatMap(begin("activation", given), programs.activation)
    ),
    run: Effect.fn("Memory.run")((given) => Effect.flatMap(begin("run", given), programs.run(given))),
    getManifest: Effect.fn("Memory.getManifest")(function*(given) {
      const operation = yield* begin("getManifest", given)
      return Memory.manifest(operation.environment, kind, yield* store.read(operation))
    }),
    clean: Effect.fn("Memory.clean")(function*(given) {
      const operation = yield* begin("clean", given)
      yield* change(operation, (before) => Effect.succeed({ ...before, installed: undefined }))
    }),
    destroy: Effect.fn("Memory.destroy")(function*(given) {
      yield* root.destroy(yield* begin("destroy", given))
    }),
    environments: root.environments
  })
})

/** A bare version matches every version that starts with it, as in pixi and uv. */
const pythonSpec = (operation: Operation, given: string) =>
  Either.mapLeft(
    MemorySpec.parse(/^[\d.]+$/.test(given) ? `python==${given}.*` : `python${given}`),
    (reason) => new Errors.InvalidOption({ ...contextOf(operation), option: "python", value: given, reason })
  )

const isSame = (a: ReadonlyArray<Chosen>, b: ReadonlyArray<Chosen> | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/**
 * A layer for a manager in memory. Each call makes another instance: keep the result. Dies if the given packages or
 * environments are invalid.
 *
 * ```ts
 * const manager = Memory.layer({
 *   packages: [{ name: "numpy", version: "2.1" }, { name: "scipy", version: "1.14", depends: ["numpy>=1.23"] }],
 *   environments: [{ path: "/analysis", packages: ["numpy"] }],
 *   duration: "1 minute"
 * })
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: MemoryOptions): Layer.Layer<PackageManager> =>
  Layer.effect(PackageManager, make(options))

export { layer as layerMemory }
