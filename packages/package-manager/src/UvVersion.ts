/** What a uv can do, by its version. Pure. */

export interface UvVersion {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

/** The oldest version that is driven. */
export const oldest = "0.9.20"

/** The version in what `uv --version` prints; what follows it, a commit and a platform, is passed over. */
export const parse = (stdout: string): UvVersion | undefined => {
  const match = /^uv (\d+)\.(\d+)\.(\d+)\S*(?: \(.*\))?\s*$/.exec(stdout)
  if (match === null) return undefined
  const [, major, minor, patch] = match
  return { major: Number(major), minor: Number(minor), patch: Number(patch) }
}

export const format = ({ major, minor, patch }: UvVersion): string => `${major}.${minor}.${patch}`

/** Whether a version is driven. */
export const isSupported = ({ major, minor, patch }: UvVersion): boolean => {
  const [oldestMajor = 0, oldestMinor = 0, oldestPatch = 0] = oldest.split(".").map(Number)
  if (major !== oldestMajor) return major > oldestMajor
  return minor === oldestMinor ? patch >= oldestPatch : minor > oldestMinor
}
