/**
 * Parses and compares the versions of executables.
 *
 * @module
 * @since 0.1.0
 */

/**
 * A version of three numbers, as pixi and uv have them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Version {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

/**
 * The version in the first three groups of a pattern; `undefined` if the pattern does not match.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (text: string, pattern: RegExp): Version | undefined => {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, major, minor, patch] = match
  return { major: Number(major), minor: Number(minor), patch: Number(patch) }
}

/**
 * The version as text, such as `0.41.4`.
 *
 * @since 0.1.0
 * @category encoding
 */
export const format = ({ major, minor, patch }: Version): string => `${major}.${minor}.${patch}`

/**
 * Whether a version is at least another one, such as `0.27.0`.
 *
 * @since 0.1.0
 * @category predicates
 */
export const atLeast = (version: Version, other: string): boolean => {
  const [major = 0, minor = 0, patch = 0] = other.split(".").map(Number)
  if (version.major !== major) return version.major > major
  if (version.minor !== minor) return version.minor > minor
  return version.patch >= patch
}
