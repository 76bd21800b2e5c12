/**
 * Compares the manifest, the lock file and the prefix of an environment of pixi.
 *
 * @module
 * @since 0.1.0
 */
import type { Operation } from "@darb/package-manager/driver/Operation"
import * as Platform from "@darb/package-manager/driver/Platform"
import type { StatusOptions } from "@darb/package-manager/PackageManager"
import * as Status from "@darb/package-manager/Status"
import * as Pep508 from "@darb/python/Pep508"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { PixiDocument } from "../manifest/PixiDocument.js"
import * as PixiEnvironment from "../manifest/PixiEnvironment.js"
import { checkEnvironment } from "./PixiChecks.js"
import { condaName, pypiName } from "./PixiDependencies.js"
import type { Files, Lock, PixiDriver, Workspace } from "./PixiFiles.js"

/**
 * Adds the status to the files of environments.
 *
 * @since 0.1.0
 * @category operations
 */
export const withStatus = (files: Files) => {
  const statusWith = Effect.fnUntraced(function*(workspace: Workspace, lock: Lock | undefined) {
    return statusOf({
      directory: workspace.environment,
      document: workspace.document,
      environment: workspace.selected ?? "default",
      subdir: Platform.current(),
      lock,
      installed: yield* files.installed(workspace)
    })
  })
  return { ...files, statusWith }
}

/**
 * Makes `status`. Runs no process.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeStatus = ({ inspect, status }: PixiDriver) =>
  Effect.fnUntraced(function*(operation: Operation, { environment }: StatusOptions) {
    const workspace = yield* inspect({ ...operation, selected: environment })
    yield* checkEnvironment(workspace, environment)
    return yield* status(workspace)
  })

/**
 * What the status of an environment is computed from.
 *
 * @since 0.1.0
 * @category models
 */
export interface StatusInput {
  /** The absolute path of the directory. */
  readonly directory: string
  readonly document: PixiDocument
  /** The name of an environment of the manifest. */
  readonly environment: string
  /** The conda subdirectory of this machine. */
  readonly subdir: string
  readonly lock: Lock | undefined
  /** The installed packages, or `undefined` if there is no prefix. */
  readonly installed: ReadonlyArray<Status.Identity> | undefined
}

type Name = Pick<Status.Identity, "kind" | "name">

const normalized = ({ kind, name }: Name): string => kind === "pypi" ? pypiName(name) : condaName(name)

const nameOf = (named: Name): Name => ({ kind: named.kind, name: normalized(named) })

const identityOf = (found: Status.Identity): Status.Identity => {
  const { build, kind, version } = found
  return { kind, name: normalized(found), version, build }
}

const keyOf = ({ kind, name }: Name): string => `${kind} ${name}`

/** The dependencies without a condition, by key. */
const dependenciesOf = ({ dependencies = {}, pypiDependencies = {} }: PixiEnvironment.PixiEnvironment) => {
  const conda = Object.entries(dependencies).filter(([, specs]) => specs.some(({ when }) => when === undefined))
  const pypi = Object.entries(pypiDependencies).filter(([, specs]) =>
    specs.some((spec) => spec.envMarkers === undefined)
  )
  const names = [...conda.map(([name]) => ({ kind: "conda", name })), ...pypi.map(([name]) => ({ kind: "pypi", name }))]
  return new Map(names.map(nameOf).map((name) => [keyOf(name), name]))
}

/** The dependencies that the manifest has for each of its platforms with this machine's subdirectory. */
const requestedOf = ({ document, environment, subdir }: StatusInput): ReadonlyArray<Name> => {
  const select = (platform: string) =>
    Either.match(PixiEnvironment.select(document, { environment, platform }), {
      onLeft: () => [],
      onRight: (selected) => [selected]
    })
  const [first = new Map<string, Name>(), ...others] = select(subdir)
    .flatMap(({ platforms }) => platforms.filter((platform) => platform.subdir === subdir))
    .flatMap(({ name }) => select(name).map(dependenciesOf))
  return [...first].filter(([key]) => others.every((other) => other.has(key))).map(([, name]) => name)
}

/** The names of the PyPI packages that the conda packages of a lock file are known to provide. */
const providedIn = (text: string): ReadonlySet<string> =>
  new Set(Array.from(text.matchAll(/pkg:pypi\/([\w.-]+)/g), ([, name = ""]) => pypiName(name)))

/** Whether a conda package provides a PyPI package: the lock file says so, or it has the same name. */
const makeIsProvided = (lock: Lock | undefined) => {
  let provided: ReadonlySet<string> | undefined
  return (locked: ReadonlyArray<Name>) => {
    const names = new Set(locked.filter(({ kind }) => kind === "conda").map(({ name }) => pypiName(name)))
    return ({ kind, name }: Name): boolean =>
      kind === "pypi" && (names.has(name) || (provided ??= providedIn(lock?.text ?? "")).has(name))
  }
}

/** A package in another version counts less than one on one side only. */
const distance = ({ different, missing, unexpected }: Status.Status): number =>
  different.length + 2 * (missing.length + unexpected.length)

/**
 * Compares the three. In a lock file of format 7, several platforms may have this machine's subdirectory, under other names
 * than in the manifest: the one closest to the prefix counts.
 *
 * @since 0.1.0
 * @category getters
 */
export const statusOf = (input: StatusInput): Status.Status => {
  const { directory, environment, lock, subdir } = input
  const requested = requestedOf(input)
  const installed = input.installed?.map(identityOf)
  const isProvided = makeIsProvided(lock)
  const compare = (locked: ReadonlyArray<Status.Identity> | undefined) => {
    const provided = isProvided(locked ?? [])
    const keys = new Set(locked?.map(keyOf))
    return Status.between({
      environment: directory,
      asked: requested.filter((name) => keys.has(keyOf(name)) || !provided(name)),
      locked,
      // pixi creates no prefix without packages.
      installed: installed ?? (locked?.length === 0 ? [] : undefined),
      isSameVersion: ({ kind, version }, installed) =>
        kind === "pypi" && version !== null && Pep508.isSameVersion(version, installed)
    })
  }
  if (lock === undefined) return compare(undefined)
  const packages = lock.environments.get(environment)?.packages ?? new Map<string, ReadonlyArray<Status.Identity>>()
  const [first, ...others] = lock.platforms.filter((platform) => platform.subdir === subdir)
    .map(({ name }) => packages.get(name) ?? [])
    .filter(({ length }) => length > 0)
    .map((locked) => compare(locked.map(identityOf)))
  return others.reduce((best, other) => distance(other) < distance(best) ? other : best, first ?? compare([]))
}
