/**
 * The state of an environment in memory, and the values that the service returns for it.
 *
 * @module
 * @since 0.1.0
 */
import * as Changes from "@darb/package-manager/Changes"
import { Manifest } from "@darb/package-manager/Manifest"
import * as Package from "@darb/package-manager/Package"
import * as Status from "@darb/package-manager/Status"
import * as Either from "effect/Either"
import * as MemorySpec from "./MemorySpec.js"

/**
 * A chosen package.
 *
 * @since 0.1.0
 * @category models
 */
export interface Chosen {
  readonly name: string
  readonly version: string
}

/**
 * An environment in memory: its manifest, its lock file and its prefix.
 *
 * @since 0.1.0
 * @category models
 */
export interface State {
  readonly name: string
  /** The specs of the manifest by name. */
  readonly specs: ReadonlyMap<string, MemorySpec.MemorySpec>
  /** The lock file, sorted by name; `undefined` before the first solve. */
  readonly lock: ReadonlyArray<Chosen> | undefined
  /** The prefix; `undefined` before the first install. */
  readonly installed: ReadonlyArray<Chosen> | undefined
}

/**
 * An environment that exists from the start.
 *
 * @since 0.1.0
 * @category models
 */
export interface MemoryEnvironment {
  readonly path: string
  /** The specs of its manifest. */
  readonly packages: ReadonlyArray<string>
  /** Locked versions by name, which need not satisfy the specs; by default there is no lock file. */
  readonly locked?: Readonly<Record<string, string>> | undefined
}

/**
 * The last segment of a path.
 *
 * @since 0.1.0
 * @category getters
 */
export const baseName = (environment: string): string => environment.slice(environment.lastIndexOf("/") + 1) || "root"

/**
 * The path and the state of an environment that exists from the start. The left side says what is wrong with it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromGiven = (
  { locked, packages, path }: MemoryEnvironment
): Either.Either<readonly [string, State], string> =>
  MemorySpec.parseAll(packages).pipe(
    Either.mapLeft(({ reason, spec }) => `environment ${path}: ${spec}: ${reason}`),
    Either.map((specs) => {
      const environment = normalize(path)
      const lock = locked && Object.entries(locked).map(([name, version]) => ({ name, version }))
      return [environment, {
        name: baseName(environment),
        specs: new Map(specs.map((spec) => [spec.name, spec])),
        lock: lock?.sort((a, b) => a.name < b.name ? -1 : 1),
        installed: undefined
      }] as const
    })
  )

/**
 * Resolves `.`, `..` and repeated slashes as text. A relative path stays relative.
 *
 * @since 0.1.0
 * @category operations
 */
export const normalize = (path: string): string => {
  const isAbsolute = path.startsWith("/")
  const parts: Array<string> = []
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue
    if (part !== "..") parts.push(part)
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop()
    else if (!isAbsolute) parts.push(part)
  }
  return isAbsolute ? `/${parts.join("/")}` : parts.join("/") || "."
}

/**
 * Where the manifest would be. No file is written.
 *
 * @since 0.1.0
 * @category getters
 */
export const manifestFile = (environment: string): string => `${environment === "/" ? "" : environment}/memory`

/**
 * Where the packages would be installed.
 *
 * @since 0.1.0
 * @category getters
 */
export const prefix = (environment: string): string => `${manifestFile(environment)}.prefix`

/**
 * Where the lock file would be.
 *
 * @since 0.1.0
 * @category getters
 */
export const lockFile = (environment: string): string => `${manifestFile(environment)}.lock`

/**
 * What `getManifest` returns.
 *
 * @since 0.1.0
 * @category getters
 */
export const manifest = (environment: string, kind: Package.Kind, { name, specs }: State): Manifest => {
  const packages = Object.fromEntries(
    [...specs.values()].map((spec) => [spec.name, MemorySpec.versions(spec)] as const).sort(([a], [b]) =>
      a < b ? -1 : 1
    )
  )
  return new Manifest({
    file: manifestFile(environment),
    name,
    packages: kind === "conda" ? packages : {},
    pypiPackages: kind === "pypi" ? packages : {},
    channels: [],
    platforms: [],
    bytes: new TextEncoder().encode(`${JSON.stringify({ name, packages }, undefined, 2)}\n`)
  })
}

/**
 * What `list` returns: the locked packages, with the versions that are installed.
 *
 * @since 0.1.0
 * @category operations
 */
export const list = (
  kind: Package.Kind,
  { installed = [], lock = [], specs }: State
): ReadonlyArray<Package.Package> => {
  const versions = new Map(installed.map(({ name, version }) => [name, version]))
  return lock.map(({ name, version }) =>
    new Package.Package({
      name,
      version,
      kind,
      build: null,
      source: null,
      direct: specs.has(name),
      size: null,
      installed: versions.get(name) ?? null
    })
  )
}

/**
 * What `status` returns.
 *
 * @since 0.1.0
 * @category operations
 */
export const status = (environment: string, kind: Package.Kind, { installed, lock, specs }: State): Status.Status => {
  const identities = (chosen: ReadonlyArray<Chosen> | undefined) =>
    chosen?.map(({ name, version }) => ({ kind, name, version, build: null }))
  return Status.between({
    environment,
    asked: [...specs.keys()].map((name) => ({ kind, name })),
    locked: identities(lock),
    installed: identities(installed)
  })
}

/**
 * The changes of one operation, and the status in the state where it ends.
 *
 * @since 0.1.0
 * @category operations
 */
export const changes = (
  environment: string,
  kind: Package.Kind,
  [before, after, end = after]: readonly [before: State, after: State, end?: State]
): Changes.Changes => {
  const located = ({ lock = [] }: State) =>
    lock.map(({ name, version }) => ({
      environment: "default",
      platform: "any",
      kind,
      name,
      version,
      build: null,
      source: null
    }))
  return new Changes.Changes(
    { ...Changes.between(located(before), located(after)), status: status(environment, kind, end) },
    { disableValidation: true }
  )
}
