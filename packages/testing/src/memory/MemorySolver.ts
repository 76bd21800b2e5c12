/**
 * A backtracking solver: it finds a solution if there is one, and always the same.
 *
 * It takes the requested packages by name, then their dependencies in order. For each it tries the preferred version, then
 * the newest ones.
 *
 * @module
 * @since 0.1.0
 */
import * as PepVersion from "@darb/python/Version"
import * as Either from "effect/Either"
import * as MemorySpec from "./MemorySpec.js"

/**
 * An available package; `depends` are specs such as `greet>=1,<2`.
 *
 * @since 0.1.0
 * @category models
 */
export interface MemoryPackage {
  readonly name: string
  readonly version: string
  readonly depends?: ReadonlyArray<string> | undefined
}

/**
 * A version of a package that the solver may choose.
 *
 * @since 0.1.0
 * @category models
 */
export interface Candidate {
  readonly name: string
  /** As given. */
  readonly version: string
  readonly parsed: PepVersion.Version
  readonly depends: ReadonlyArray<MemorySpec.MemorySpec>
}

/**
 * Candidates by name, newest first.
 *
 * @since 0.1.0
 * @category models
 */
export type Index = ReadonlyMap<string, ReadonlyArray<Candidate>>

/**
 * Indexes packages, or says what is wrong with them.
 *
 * @since 0.1.0
 * @category operations
 */
export const index = (packages: ReadonlyArray<MemoryPackage>): Either.Either<Index, string> => {
  const found = new Map<string, Array<Candidate>>()
  for (const { depends = [], name: given, version } of packages) {
    const wrong = (reason: string) => Either.left(`package ${given} ${version}: ${reason}`)
    const spec = MemorySpec.parse(given)
    if (Either.isLeft(spec)) return wrong(spec.left)
    if (!MemorySpec.isBare(spec.right)) return wrong("its name is a spec; give the version in `version`")
    const { name } = spec.right
    const parsed = PepVersion.parse(version)
    if (parsed === undefined) return wrong("it is not a version, such as 1.0")
    const needs = Either.all(depends.map((text) => Either.mapLeft(MemorySpec.parse(text), (why) => `${text}: ${why}`)))
    if (Either.isLeft(needs)) return wrong(`its dependency ${needs.left}`)
    const candidates = found.get(name) ?? []
    if (candidates.some((other) => PepVersion.compare(other.parsed, parsed) === 0)) return wrong("it is listed twice")
    found.set(name, [...candidates, { name, version, parsed, depends: needs.right }])
  }
  for (const candidates of found.values()) candidates.sort((a, b) => PepVersion.compare(b.parsed, a.parsed))
  return Either.right(found)
}

/** A spec, and the package that needs it. */
interface Need {
  readonly spec: MemorySpec.MemorySpec
  readonly by: string
}

/** The choices so far, and the needs that remain. */
interface Point {
  readonly chosen: ReadonlyMap<string, Candidate>
  readonly needs: ReadonlyArray<Need>
}

/** The solver gives up after this many choices: some sets of packages would take forever. */
const mostChoices = 20_000

/** The number of reasons in an explanation. */
const mostReasons = 20

/**
 * The packages that satisfy the specs and their dependencies, sorted by name, or the reasons why there are none. The
 * preferred version of a package is tried before newer ones.
 *
 * @since 0.1.0
 * @category operations
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
    if (choices > mostChoices) return Either.left(`gave up after ${mostChoices} choices`)
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

/** The first need without a choice, or one that a choice contradicts. */
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
  // Other needs of the same package are checked once a version is chosen.
  return need && { need, rest }
}

const noCandidate = ({ by, spec }: Need, all: ReadonlyArray<Candidate>): string => {
  const needs = `${by} needs ${MemorySpec.format(spec)}`
  return all.length === 0
    ? `${needs}, but there is no package ${spec.name}`
    : `${needs}, but there is only ${spec.name} ${all.map(({ version }) => version).join(", ")}`
}
