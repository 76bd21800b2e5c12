/**
 * Chooses versions by the simplest rule that is honest: each package in turn, first those that are asked for, by name, then
 * what they need, in the order in which it is needed; of each the version that is preferred, then the newest; and one step
 * back where that leads nowhere. It finds a solution if there is one, and always the same. Pure.
 */
import * as PepVersion from "@darb/python/Version"
import * as Either from "effect/Either"
import * as MemorySpec from "./MemorySpec.js"

/** A package as it is given: `depends` are specs such as `greet>=1,<2`. */
export interface MemoryPackage {
  readonly name: string
  readonly version: string
  readonly depends?: ReadonlyArray<string> | undefined
}

/** A version of a package that can be chosen. */
export interface Candidate {
  readonly name: string
  /** As it was given. */
  readonly version: string
  readonly parsed: PepVersion.Version
  readonly depends: ReadonlyArray<MemorySpec.MemorySpec>
}

/** The candidates by name, the newest first. */
export type Index = ReadonlyMap<string, ReadonlyArray<Candidate>>

/** What there is to choose from, or what is wrong with it. */
export const index = (packages: ReadonlyArray<MemoryPackage>): Either.Either<Index, string> => {
  const found = new Map<string, Array<Candidate>>()
  for (const { depends = [], name: given, version } of packages) {
    const wrong = (reason: string) => Either.left(`package ${given} ${version}: ${reason}`)
    const spec = MemorySpec.parse(given)
    if (Either.isLeft(spec)) return wrong(spec.left)
    if (!MemorySpec.isBare(spec.right)) return wrong("its name is a spec; give the version as version")
    const { name } = spec.right
    const parsed = PepVersion.parse(version)
    if (parsed === undefined) return wrong("this is not a version, such as 1.0")
    const needs = Either.all(depends.map((text) => Either.mapLeft(MemorySpec.parse(text), (why) => `${text}: ${why}`)))
    if (Either.isLeft(needs)) return wrong(`its dependency ${needs.left}`)
    const candidates = found.get(name) ?? []
    if (candidates.some((other) => PepVersion.compare(other.parsed, parsed) === 0)) return wrong("it is there twice")
    found.set(name, [...candidates, { name, version, parsed, depends: needs.right }])
  }
  for (const candidates of found.values()) candidates.sort((a, b) => PepVersion.compare(b.parsed, a.parsed))
  return Either.right(found)
}

/** A spec and who asks for it. */
interface Need {
  readonly spec: MemorySpec.MemorySpec
  readonly by: string
}

/** What is chosen so far, and what remains to be looked at. */
interface Point {
  readonly chosen: ReadonlyMap<string, Candidate>
  readonly needs: ReadonlyArray<Need>
}

/** After so many choices it is given up: a set of packages can be made that takes forever. */
const mostChoices = 20_000

/** So many reasons are told. */
const mostReasons = 20

/**
 * The packages that satisfy the specs and what they need, sorted by name; or why there are none. A version that is
 * preferred, of those by name, is tried before newer ones.
 */
export const solve = (
  index: Index,
  specs: ReadonlyArray<MemorySpec.MemorySpec>,
  preferred: ReadonlyMap<string, string> = new Map()
): Either.Either<ReadonlyArray<Candidate>, string> => {
  const reasons = new Set<string>()
  const sorted = [...specs].sort((a, b) => a.name < b.name ? -1 : 1)
  const open: Array<Point> = [{ chosen: new Map(), needs: sorted.map((spec) => ({ spec, by: "the manifest" })) }]
  for (let choices = 0;; choices++) {
    const point = open.pop()
    if (point === undefined) return Either.left([...reasons].slice(0, mostReasons).join("\n"))
    if (choices > mostChoices) return Either.left(`it was given up after ${mostChoices} choices`)
    const next = nextNeed(point)
    if (next === undefined) {
      return Either.right([...point.chosen.values()].sort((a, b) => a.name < b.name ? -1 : 1))
    }
    if ("conflict" in next) {
      reasons.add(next.conflict)
      continue
    }
    const { name } = next.need.spec
    const all = index.get(name) ?? []
    const favourite = all.filter(({ version }) => version === preferred.get(name))
    const candidates = [...favourite, ...all.filter((candidate) => !favourite.includes(candidate))]
      .filter(({ parsed }) => MemorySpec.admits(next.need.spec, parsed))
    if (candidates.length === 0) reasons.add(noCandidate(next.need, all))
    for (const candidate of candidates.reverse()) {
      const by = `${name} ${candidate.version}`
      open.push({
        chosen: new Map(point.chosen).set(name, candidate),
        needs: [...next.rest, ...candidate.depends.map((spec) => ({ spec, by }))]
      })
    }
  }
}

/** The first need that nothing chosen answers, or one that what is chosen contradicts. */
const nextNeed = (
  { chosen, needs }: Point
): { readonly conflict: string } | { readonly need: Need; readonly rest: ReadonlyArray<Need> } | undefined => {
  for (const { by, spec } of needs) {
    const candidate = chosen.get(spec.name)
    if (candidate === undefined || MemorySpec.admits(spec, candidate.parsed)) continue
    return { conflict: `${by} needs ${MemorySpec.format(spec)}, which ${spec.name} ${candidate.version} is not` }
  }
  const rest = needs.filter(({ spec }) => !chosen.has(spec.name))
  const [need] = rest
  // What is left of the same package is looked at when a version is chosen.
  return need && { need, rest }
}

const noCandidate = ({ by, spec }: Need, all: ReadonlyArray<Candidate>): string => {
  const needs = `${by} needs ${MemorySpec.format(spec)}`
  return all.length === 0
    ? `${needs}, and there is no package ${spec.name}`
    : `${needs}, and there is only ${spec.name} ${all.map(({ version }) => version).join(", ")}`
}
