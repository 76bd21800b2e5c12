/** Decides whether two markers can both be true, by trying the values that they compare and their neighbours. */
import type { Expression } from "./Marker.js"
import * as Pep508 from "./Pep508.js"
import * as PepVersion from "./Version.js"

/** More combinations than this are not tried. */
const maxCombinations = 20_000

const systems = [
  { sys_platform: "linux", os_name: "posix", platform_system: "Linux" },
  { sys_platform: "darwin", os_name: "posix", platform_system: "Darwin" },
  { sys_platform: "win32", os_name: "nt", platform_system: "Windows" }
] as const

type Sample = Readonly<Record<string, string>>

/** Whether there is an environment in which both are true. `false` if there are too many combinations to try. */
export const overlap = (a: Pep508.Marker, b: Pep508.Marker): boolean => {
  const values = new Map<string, Set<string>>()
  for (const { expression } of [a, b]) if (expression !== undefined) collect(expression, values)
  const axes = [...values].map(([key, candidates]) => [key, [...candidates]] as const)
  const count = axes.reduce((product, [, { length }]) => product * length, 1)
  if (count > maxCombinations) return false
  for (let number = 0; number < count; number++) {
    let rest = number
    const sample = Object.fromEntries(axes.map(([key, candidates]) => {
      const value = candidates[rest % candidates.length] ?? ""
      rest = Math.floor(rest / candidates.length)
      return [key, value]
    }))
    if (isPossible(sample) && isTrue(a, sample) && isTrue(b, sample)) return true
  }
  return false
}

/** Only the names of these three systems exclude each other. */
const isPossible = (sample: Sample): boolean =>
  systems.every((system) =>
    (sample.sys_platform !== system.sys_platform || matches(sample, system)) &&
    (sample.platform_system !== system.platform_system || matches(sample, system))
  )

const matches = (sample: Sample, system: typeof systems[number]): boolean =>
  [sample.sys_platform ?? system.sys_platform, sample.os_name ?? system.os_name].join() ===
    [system.sys_platform, system.os_name].join() &&
  (sample.platform_system ?? system.platform_system) === system.platform_system

const isTrue = (marker: Pep508.Marker, sample: Sample): boolean => {
  const python = sample.python_full_version ?? "3.12.0"
  const environment = { ...Pep508.environmentOf("", python), ...sample }
  const chosen = (prefix: string) =>
    new Set(
      Object.keys(sample).filter((key) => key.startsWith(prefix) && sample[key] === "yes")
        .map((key) => key.slice(prefix.length))
    )
  const [extras, listed, groups] = [chosen("extra "), chosen("extras "), chosen("dependency_groups ")]
  return Pep508.evaluate(marker, environment, { extras: new Set([...extras, ...listed]), groups })
}

const collect = (expression: Expression, values: Map<string, Set<string>>): void => {
  const add = (key: string, candidates: ReadonlyArray<string>) => {
    const known = values.get(key) ?? new Set()
    for (const candidate of candidates) known.add(candidate)
    values.set(key, known)
  }
  switch (expression._tag) {
    case "And":
    case "Or":
      for (const member of expression.members) collect(member, values)
      return
    case "Version":
      return add(versionKey(expression.key), around(expression.specifier.version.release))
    case "VersionIn":
      return add(versionKey(expression.key), [
        "3.12.0",
        ...expression.versions.flatMap(({ release }) => around(release))
      ])
    case "String":
      return add(expression.key, [
        expression.value,
        `${expression.value}~`,
        "",
        "?",
        ...expression.operator.endsWith("in") ? expression.value.split(/[\s,]+/) : []
      ])
    case "Extra":
      return add(`extra ${expression.name}`, ["yes", "no"])
    case "List":
      return add(`${expression.key} ${expression.name}`, ["yes", "no"])
  }
}

/** The short version of Python follows from the full one. */
const versionKey = (key: string): string => key === "python_version" ? "python_full_version" : key

/** A release, the next ones on each level, and one before it. */
const around = (release: ReadonlyArray<string>): ReadonlyArray<string> => {
  const last = Number(release.at(-1) ?? "0")
  const head = release.slice(0, -1)
  const first = Number(release[0] ?? "0")
  const versions = [
    release,
    [...release, "0", "1"],
    [...release, "1"],
    [...head, String(last + 1)],
    [String(first + 1), "0"],
    last > 0 ? [...head, String(last - 1), "99"] : ["0", "1"]
  ]
  return versions.map((parts) => parts.join(".")).filter((version) => PepVersion.parse(version) !== undefined)
}
