/** The versions of executables. Pure. */

export interface Version {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

/** The version whose parts are the groups of a pattern; `undefined` where it does not match. */
export const parse = (text: string, pattern: RegExp): Version | undefined => {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, major, minor, patch] = match
  return { major: Number(major), minor: Number(minor), patch: Number(patch) }
}

export const format = ({ major, minor, patch }: Version): string => `${major}.${minor}.${patch}`

/** Whether a version is at least the other, which is given as `0.27.0`. */
export const atLeast = (version: Version, other: string): boolean => {
  const [major = 0, minor = 0, patch = 0] = other.split(".").map(Number)
  if (version.major !== major) return version.major > major
  if (version.minor !== minor) return version.minor > minor
  return version.patch >= patch
}
