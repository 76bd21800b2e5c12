/**
 * The operations of a manager for laws: everything unexpected is a broken law.
 *
 * @module
 * @since 0.1.0
 */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import type { Changes } from "@darb/package-manager/Changes"
import type { Manifest } from "@darb/package-manager/Manifest"
import type { Package } from "@darb/package-manager/Package"
import type { InstallOptions, RemoveOptions, UpdateOptions } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Law, LawBroken, type Subject } from "./Law.js"
import { difference, shown } from "./LawText.js"

/**
 * What an operation without effect must leave unchanged, as labelled texts.
 *
 * @since 0.1.0
 * @category models
 */
export type State = Readonly<Record<string, string>>

type Broken<A, R = never> = Effect.Effect<A, LawBroken, R>

/**
 * All that can be seen of an environment. Its `state` is what an operation without effect must not change.
 *
 * @since 0.1.0
 * @category models
 */
export interface Seen {
  readonly list: ReadonlyArray<Package>
  readonly manifest: Manifest
  readonly state: State
}

/**
 * An environment whose operations must succeed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Environment {
  readonly path: string
  readonly install: (packages: ReadonlyArray<string>, options?: Omit<InstallOptions, "path">) => Broken<Changes>
  readonly remove: (
    packages: ReadonlyArray<string>,
    options?: Omit<RemoveOptions, "path" | "packages">
  ) => Broken<Changes>
  readonly update: (packages: ReadonlyArray<string>, options?: Omit<UpdateOptions, "path">) => Broken<Changes>
  readonly list: Broken<ReadonlyArray<Package>>
  /** The listed versions by name. */
  readonly versions: Broken<Readonly<Record<string, string | null>>>
  readonly manifest: Broken<Manifest>
  readonly state: Broken<State>
  /** All that the manager and the files say about it. */
  readonly seen: Broken<Seen>
}

/**
 * What the check of a law works with. Unexpected errors of the manager become `LawBroken`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Bench {
  readonly subject: Subject
  readonly manager: Subject["manager"]
  /** A path that does not exist. */
  readonly directory: Broken<string, Scope.Scope>
  /** A new environment. */
  readonly made: Broken<Environment, Scope.Scope>
  /** An existing environment. */
  readonly at: (path: string) => Environment
  readonly broken: (expected: string, found: string) => LawBroken
  readonly succeeds: <A, R>(what: string, effect: Effect.Effect<A, PackageManagerError, R>) => Broken<A, R>
  /** Expects one of these errors. */
  readonly fails: <A, R>(
    what: string,
    effect: Effect.Effect<A, PackageManagerError, R>,
    tags: ReadonlyArray<PackageManagerError["_tag"]>
  ) => Broken<PackageManagerError, R>
  readonly equal: (what: string, found: unknown, expected: unknown) => Broken<void>
  readonly same: (what: string, found: State, expected: State) => Broken<void>
  /** Expects the environment to be the same after the effect, whatever its outcome. */
  readonly unchanged: <A, R>(
    what: string,
    environment: Environment,
    effect: Effect.Effect<A, LawBroken, R>
  ) => Broken<A, R>
  /** The files at a path, which need not be an environment; empty if the subject has no snapshots. */
  readonly files: (path: string) => Broken<State>
  /** The files and directories below a path with their content; empty if the subject cannot say. */
  readonly tree: (path: string) => Broken<State>
  /** The same with a directory of all environments, which does not exist yet; `undefined` if the subject has none. */
  readonly rooted: Broken<{ readonly root: string; readonly bench: Bench } | undefined, Scope.Scope>
}

/**
 * The sorted names of the dependencies in a manifest.
 *
 * @since 0.1.0
 * @category operations
 */
export const asked = ({ packages, pypiPackages }: Manifest): ReadonlyArray<string> =>
  [...Object.keys(packages), ...Object.keys(pypiPackages)].sort()

/**
 * The bench of a law on a subject. `law` is the name that broken laws report.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeBench = (law: string, subject: Subject): Bench => {
  const { manager } = subject
  const broken = (expected: string, found: string) => new LawBroken({ law, expected, found })

  const succeeds: Bench["succeeds"] = (what, effect) =>
    Effect.mapError(effect, (error) => broken(`${what} to succeed`, `${error._tag}: ${error.message}`))

  const fails: Bench["fails"] = (what, effect, tags) =>
    Effect.matchEffect(effect, {
      onFailure: (error) =>
        tags.includes(error._tag)
          ? Effect.succeed(error)
          : broken(`${what} to fail with ${tags.join(" or ")}`, `${error._tag}: ${error.message}`),
      onSuccess: () => broken(`${what} to fail with ${tags.join(" or ")}`, "that it succeeded")
    })

  const equal: Bench["equal"] = (what, found, expected) =>
    shown(found) === shown(expected) ? Effect.void : broken(`${what}: ${shown(expected)}`, shown(found))

  const same: Bench["same"] = (what, found, expected) => {
    const differs = difference(expected, found)
    return differs === undefined
      ? Effect.void
      : broken(`${what} to leave ${differs.key} as it was: ${differs.expected}`, differs.found)
  }

  const files = (path: string) => Effect.orDie(subject.snapshot?.(path) ?? Effect.succeed({}))

  const tree = (path: string) => Effect.orDie(subject.tree?.(path) ?? Effect.succeed({}))

  const at = (path: string): Environment => {
    const list = succeeds("list", manager.list({ path }))
    const manifest = succeeds("getManifest", manager.getManifest({ path }))
    const seen = Effect.map(Effect.all([files(path), list, manifest]), ([files, list, manifest]): Seen => {
      const { bytes, packages, pypiPackages } = manifest
      const state = {
        ...files,
        "what getManifest says": shown({ packages, pypiPackages, text: new TextDecoder().decode(bytes) }),
        "what list says": shown(list.map(({ direct, name, version }) => ({ name, version, direct })))
      }
      return { list, manifest, state }
    })
    return {
      path,
      list,
      manifest,
      install: (packages, options) =>
        succeeds(`install of ${packages.join(" ") || "nothing more"}`, manager.install({ path, packages, ...options })),
      remove: (packages, options) =>
        succeeds(`remove of ${packages.join(" ")}`, manager.remove({ path, packages, ...options })),
      update: (packages, options) =>
        succeeds(`update of ${packages.join(" ") || "everything"}`, manager.update({ path, packages, ...options })),
      versions: Effect.map(list, (found) => Object.fromEntries(found.map(({ name, version }) => [name, version]))),
      seen,
      state: Effect.map(seen, ({ state }) => state)
    }
  }

  const directory = Effect.orDie(subject.directory)

  const unchanged: Bench["unchanged"] = (what, environment, effect) =>
    Effect.gen(function*() {
      const before = yield* environment.state
      const result = yield* effect
      yield* same(what, yield* environment.state, before)
      return result
    })

  return {
    subject,
    manager,
    directory,
    made: Effect.flatMap(
      directory,
      (path) => Effect.as(succeeds("init", manager.init({ path, ...subject.init })), at(path))
    ),
    at,
    broken,
    succeeds,
    fails,
    equal,
    same,
    unchanged,
    files,
    tree,
    rooted: Effect.gen(function*() {
      if (subject.rooted === undefined) return undefined
      const root = yield* directory
      return { root, bench: makeBench(law, { ...subject, manager: yield* subject.rooted(root) }) }
    })
  }
}

const none = (): undefined => undefined

/**
 * A law with a body over the bench. A defect breaks it too.
 *
 * @since 0.1.0
 * @category operations
 */
export const law = (
  name: string,
  statement: string,
  body: (bench: Bench) => Broken<void, Scope.Scope>,
  absent: (capabilities: Capabilities) => string | undefined = none
): Law => ({
  name,
  statement,
  absent,
  check: (subject) =>
    Effect.catchAllDefect(
      Effect.suspend(() => body(makeBench(name, subject))),
      (defect) => new LawBroken({ law: name, expected: "no defect", found: Cause.pretty(Cause.die(defect)) })
    )
})

/**
 * Restricts a law to managers with an option of `install`.
 *
 * @since 0.1.0
 * @category operations
 */
export const withOption = (option: Capabilities["options"]["install"][number]) => ({ options }: Capabilities) =>
  options.install.includes(option) ? undefined : `it has no option ${option}`

/**
 * `undefined` if the effect does not end in time.
 *
 * @since 0.1.0
 * @category combinators
 */
export const within = <A, E, R>(
  limit: Duration.DurationInput,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A | undefined, E, R> => Effect.raceFirst(effect, Effect.as(Effect.sleep(limit), undefined))
