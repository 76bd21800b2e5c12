/** How an environment of a manifest stands to its lock file and to what is installed. Pure. */
import * as Status from "@darb/package-manager/Status"
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"
import type { PixiDocument } from "../manifest/PixiDocument.js"
import * as PixiEnvironment from "../manifest/PixiEnvironment.js"
import { normalized, normalizedPypi } from "./PixiChoice.js"
import type { Lock } from "./PixiWorkspace.js"

export interface Given {
  /** The absolute path of the directory. */
  readonly directory: string
  readonly document: PixiDocument
  /** The environment of the manifest. */
  readonly environment: string
  /** The conda subdirectory of this machine. */
  readonly subdir: string
  readonly lock: Lock | undefined
  /** What is installed; `undefined` if nothing ever was. */
  readonly installed: ReadonlyArray<Status.Identity> | undefined
}

const identity = <A extends Status.Identity>({ build, kind, name, version }: A): Status.Identity => ({
  kind,
  name: kind === "pypi" ? normalizedPypi(name) : normalized(name),
  version,
  build
})

/** What the manifest asks for whichever of its platforms this machine is taken for, and under no condition. */
const askedOf = ({ document, environment, subdir }: Given): ReadonlyArray<Pick<Status.Identity, "kind" | "name">> => {
  const first = PixiEnvironment.select(document, { environment, platform: subdir })
  if (Either.isLeft(first)) return []
  const names = first.right.platforms.filter((platform) => platform.subdir === subdir).map(({ name }) => name)
  const [asked = new Set<string>(), ...others] = names.map((platform) => {
    const found = PixiEnvironment.select(document, { environment, platform })
    const { dependencies = {}, pypiDependencies = {} } = Either.isRight(found) ? found.right : {}
    const conda = Object.entries(dependencies).filter(([, specs]) => specs.some(({ when }) => when === undefined))
    const pypi = Object.entries(pypiDependencies).filter(([, specs]) =>
      specs.some((spec) => spec.envMarkers === undefined)
    )
    return new Set([
      ...conda.map(([name]) => `conda ${normalized(name)}`),
      ...pypi.map(([name]) => `pypi ${normalizedPypi(name)}`)
    ])
  })
  return [...asked].filter((key) => others.every((other) => other.has(key))).map((key) => {
    const [kind = "", name = ""] = key.split(" ")
    return { kind, name }
  })
}

/** A conda package can be what is asked for as a Python package: the lock file says so, or it has the same name. */
const isProvided = (lock: Lock, locked: ReadonlyArray<Status.Identity>) => {
  const names = new Set(locked.filter(({ kind }) => kind === "conda").map(({ name }) => normalizedPypi(name)))
  return ({ kind, name }: Pick<Status.Identity, "kind" | "name">): boolean =>
    kind === "pypi" && (names.has(name) || new RegExp(`pkg:pypi/${name}(?![\\w.-])`, "i").test(lock.text))
}

/** A package in another version is nearer than one that is only on one side. */
const distance = ({ different, missing, unexpected }: Status.Status): number =>
  different.length + 2 * (missing.length + unexpected.length)

/**
 * Format 7 has platforms by names that need not be those of the manifest: of those that are of this machine's subdirectory
 * the one counts that is the most like what is installed.
 */
export const statusOf = (given: Given): Status.Status => {
  const { directory, environment, lock, subdir } = given
  const asked = askedOf(given)
  const compared = (locked: ReadonlyArray<Status.Identity> | undefined) => {
    const provided = lock === undefined || locked === undefined ? () => false : isProvided(lock, locked)
    const locks = new Set((locked ?? []).map(({ kind, name }) => `${kind} ${name}`))
    return Status.between({
      environment: directory,
      asked: asked.filter((one) => locks.has(`${one.kind} ${one.name}`) || !provided(one)),
      locked,
      // pixi makes no directory for what has no packages.
      installed: given.installed?.map(identity) ?? (locked?.length === 0 ? [] : undefined),
      isSameVersion: ({ kind, version }, installed) =>
        kind === "pypi" && version !== null && Pep508.isSameVersion(version, installed)
    })
  }
  if (lock === undefined) return compared(undefined)
  const located = lock.located.filter((one) => one.environment === environment)
  const platforms = lock.platforms.filter((platform) => platform.subdir === subdir).map(({ name }) => name)
  const used = platforms.filter((name) => located.some(({ platform }) => platform === name))
  const [first, ...others] = (used.length === 0 ? [subdir] : used).map((name) =>
    compared(located.filter(({ platform }) => platform === name).map(identity))
  )
  return others.reduce((best, other) => distance(other) < distance(best) ? other : best, first ?? compared([]))
}
