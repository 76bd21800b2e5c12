/**
 * A model of operations: their possible outcomes, whichever versions a manager picks.
 *
 * @module
 * @since 0.1.0
 */
import type { Manifest } from "@darb/package-manager/Manifest"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Memory from "@darb/testing/Memory"
import * as MemorySolver from "@darb/testing/MemorySolver"
import * as MemorySpec from "@darb/testing/MemorySpec"
import * as Either from "effect/Either"
import { asked, type Seen } from "./LawBench.js"
import { type Command, specsOf } from "./LawCommand.js"
import { shown } from "./LawText.js"

/**
 * The requested versions by name; `undefined` is any version.
 *
 * @since 0.1.0
 * @category models
 */
export type Asked = ReadonlyMap<string, string | undefined>

type Tags = ReadonlyArray<PackageManagerError["_tag"]>

/**
 * The possible outcomes: `after` if it succeeds, `tags` of the errors if it fails.
 *
 * @since 0.1.0
 * @category models
 */
export interface Expectation {
  readonly after: Asked | undefined
  readonly tags: Tags
}

const succeeds = (after: Asked): Expectation => ({ after, tags: [] })

const fails = (...tags: Tags): Expectation => ({ after: undefined, tags })

const index = Either.getOrElse(MemorySolver.index(Memory.examples), (): MemorySolver.Index => new Map())

/** The versions in the manifest; bounds that a manager adds to a bare name are ignored. */
const bounds = ({ packages, pypiPackages }: Manifest): ReadonlyMap<string, MemorySpec.MemorySpec | undefined> =>
  new Map(
    Object.entries({ ...packages, ...pypiPackages }).map(([name, versions]) => [
      name,
      Either.getOrUndefined(MemorySpec.parse(`${name} ${versions}`))
    ])
  )

/**
 * `before` and `seen` are `undefined` without an environment.
 *
 * @since 0.1.0
 * @category operations
 */
export const expectation = (command: Command, before: Asked | undefined, seen: Seen | undefined): Expectation => {
  if (before === undefined || seen === undefined) {
    if (command._tag === "init") return succeeds(new Map())
    const isWrong = command._tag === "install" && specsOf(command.packages) === undefined
    return isWrong ? fails("EnvironmentNotFound", "InvalidSpec") : fails("EnvironmentNotFound")
  }
  switch (command._tag) {
    case "init":
      return fails("EnvironmentExists")
    case "install":
      return ofInstall(command.packages, before, seen)
    case "remove":
      return command.packages.every((name) => before.has(name))
        ? succeeds(new Map([...before].filter(([name]) => !command.packages.some((removed) => removed === name))))
        : fails("DependencyNotFound")
    case "update": {
      const there = new Set([...before.keys(), ...seen.list.map(({ name }) => name)])
      return command.packages.every((name) => there.has(name)) ? succeeds(before) : fails("DependencyNotFound")
    }
  }
}

const ofInstall = (packages: ReadonlyArray<string>, before: Asked, seen: Seen): Expectation => {
  const specs = specsOf(packages)
  if (specs === undefined) return fails("InvalidSpec")
  const added = specs.filter((spec) => !(MemorySpec.isBare(spec) && before.has(spec.name)))
  const after = new Map([
    ...before,
    ...added.map((spec) => [spec.name, spec.specifiers[0]?.text] as const)
  ])
  const all = new Map([...bounds(seen.manifest), ...added.map((spec) => [spec.name, spec] as const)])
  const known = [...all.values()].filter((spec) => spec !== undefined)
  const tags: Tags = ["PackageNotFound", "Unsolvable"]
  if (Either.isLeft(MemorySolver.solve(index, known))) return fails(...tags)
  return known.length < all.size ? { after, tags } : succeeds(after)
}

/**
 * The first inconsistency in what an environment says about itself, if there is one.
 *
 * @since 0.1.0
 * @category operations
 */
export const problem = (asks: Asked, { list, manifest }: Seen): string | undefined => {
  const names = [...asks.keys()].sort()
  if (shown(asked(manifest)) !== shown(names)) {
    return `the manifest asks for ${shown(asked(manifest))}, not ${shown(names)}`
  }
  const direct = list.filter(({ direct }) => direct).map(({ name }) => name)
  if (shown(direct) !== shown(names)) return `the direct packages are ${shown(direct)}, not ${shown(names)}`
  const listed = new Map(list.map(({ name, version }) => [name, version]))
  if (shown([...listed.keys()].sort()) !== shown(list.map(({ name }) => name))) return "the list is not sorted by name"
  const needs: Array<readonly [by: string, spec: MemorySpec.MemorySpec]> = []
  for (const [name, spec] of bounds(manifest)) if (spec !== undefined) needs.push(["the manifest", { ...spec, name }])
  for (const [name, version] of asks) {
    if (version !== undefined && listed.get(name) !== version) return `${name} is ${listed.get(name)}, not ${version}`
  }
  const candidates = new Map<string, MemorySolver.Candidate>()
  for (const [name, version] of listed) {
    const candidate = index.get(name)?.find((one) => one.version === version)
    if (candidate === undefined) return `${name} ${version} is listed, but is not available`
    candidates.set(name, candidate)
    for (const spec of candidate.depends) needs.push([`${name} ${version}`, spec])
  }
  for (const [by, spec] of needs) {
    const candidate = candidates.get(spec.name)
    if (candidate === undefined) return `${by} needs ${spec.name}, but it is not listed`
    if (!MemorySpec.admits(spec, candidate.parsed)) {
      return `${by} needs ${MemorySpec.format(spec)}, which ${spec.name} ${candidate.version} is not`
    }
  }
  const needed = reachable(names, candidates)
  const extra = list.find(({ name }) => !needed.has(name))
  return extra && `${extra.name} is listed, but nothing needs it`
}

const reachable = (
  roots: ReadonlyArray<string>,
  candidates: ReadonlyMap<string, MemorySolver.Candidate>
): ReadonlySet<string> => {
  const found = new Set(roots)
  for (const name of found) for (const spec of candidates.get(name)?.depends ?? []) found.add(spec.name)
  return found
}
