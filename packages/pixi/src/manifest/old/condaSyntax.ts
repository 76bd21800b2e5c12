/** The syntax of what pixi reads in strings, as pixi 0.77 judges it: each function says what is wrong, if something is. */

import { show } from "@darb/package-manager/driver/old/tomlDecoder"
import { version } from "./condaVersion.js"

type Check = (text: string) => string | undefined

export const packageName: Check = (name) =>
  /^[A-Za-z0-9._-]*$/.test(name) ? undefined : `${show(name)} is not the name of a package`

/** Hexadecimal digits. */
export const digest = (length: number): Check => (text) =>
  text.length === length && /^[0-9A-Fa-f]*$/.test(text)
    ? undefined
    : `it is not a digest of ${length} hexadecimal digits`

export const url: Check = (text) => URL.canParse(text) ? undefined : `${show(text)} is not a URL`

/** A name, a URL or a path. */
export const channel: Check = (text) => /^\p{L}[\p{L}\p{N}]{0,10}:\/\//u.test(text) ? url(text) : undefined

export const buildNumber: Check = (text) =>
  /^(?:==|!=|<=|>=|<|>|=)?\d+$/.test(text) ? undefined : `${show(text)} is not a build number`

export const flag: Check = (text) =>
  /^[a-z0-9_]+(?::[a-z0-9_]+)?$/.test(text) ? undefined : `${show(text)} is not a flag`

export const extraGroup: Check = (name) =>
  /^[a-z0-9._+-]{1,64}$/.test(name) ? undefined : `${show(name)} is not a name of a group`

export const environmentName: Check = (name) =>
  /^[a-z0-9-]+$/.test(name) ? undefined : "the name of an environment has lower case letters, digits and dashes only"

const durations = new RegExp(
  "^(?:\\d+(?:\\.\\d+)?\\s*(?:nanos|nsec|ns|usec|us|µs|millis|msec|ms|seconds|second|secs|sec|s|minutes|minute|min|mins|m|hours|hour|" +
    "hrs|hr|h|days|day|d|weeks|week|wk|wks|w|months|month|M|years|year|yr|yrs|y)\\s*)+$"
)
const time = /^(?:[Tt ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-][0-2]\d:[0-5]\d))?$/

/** A duration, a date or a time. */
export const excludeNewer: Check = (text) => {
  const problem = `${show(text)} is not a duration, a date or a time`
  if (text.length > 100) return problem
  if (durations.test(text.trim()) || text.trim() === "0") return undefined
  const [whole, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text) ?? []
  if (whole === undefined) return problem
  const isLeap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0)
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1] ?? 0
  const isDate = Number(day) >= 1 && Number(day) <= days
  return isDate && time.test(text.slice(whole.length)) ? undefined : problem
}

/** A part of a repository, below its root. */
export const subdirectory: Check = (path) => {
  if (path.startsWith("/")) return "it is an absolute path"
  let depth = 0
  for (const part of path.split("/")) {
    if (part === "..") depth--
    else if (part !== "" && part !== ".") depth++
    if (depth < 0) return "it leads out of its root"
  }
  return undefined
}

export const isArchive = (location: string): boolean => /\.(?:conda|tar\.bz2)$/.test(location.split(/[?#]/, 1)[0] ?? "")

/** The processors that conda tells apart; `0` is any. */
const archspecs = new Set(
  (
    "0 x86 i686 pentium2 pentium3 pentium4 prescott x86_64 x86_64_v2 x86_64_v3 x86_64_v4 nocona core2 nehalem westmere " +
    "sandybridge ivybridge haswell broadwell skylake mic_knl skylake_avx512 cannonlake cascadelake icelake sapphirerapids " +
    "k10 bulldozer piledriver steamroller excavator zen zen2 zen3 zen4 zen5 ppc64 power7 power8 power9 power10 ppc64le " +
    "power8le power9le power10le aarch64 armv8.1a armv8.2a armv8.3a armv8.4a armv8.5a armv8.6a armv9.0a thunderx2 a64fx " +
    "cortex_a72 neoverse_n1 neoverse_v1 neoverse_v2 neoverse_n2 ampere1 ampere1a m1 m2 m3 m4 arm ppc ppcle sparc sparc64 " +
    "riscv64 u74mc x60"
  ).split(" ")
)

export const archspec: Check = (name) =>
  archspecs.has(name) ? undefined : `${show(name)} is not a processor that conda knows`

/** A version, and a build after `=`. */
export const virtualPackage = (name: string): Check => (text) => {
  const [written = "", ...build] = text.split("=")
  const problem = version(written)
  return problem ?? (name === "__archspec" && build.length > 0 ? archspec(build.join("=")) : undefined)
}
