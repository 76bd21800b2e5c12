/** The version of a uv. Pure. */
import * as ExecutableVersion from "@darb/package-manager/driver/ExecutableVersion"

export type UvVersion = ExecutableVersion.Version

/** The oldest version that is driven. */
export const oldest = "0.9.20"

/** The version in what `uv --version` prints; what follows it, a commit and a platform, is passed over. */
export const parse = (stdout: string): UvVersion | undefined =>
  ExecutableVersion.parse(stdout, /^uv (\d+)\.(\d+)\.(\d+)\S*(?: \(.*\))?\s*$/)

export const format = ExecutableVersion.format

/** Whether a version is driven. */
export const isSupported = (version: UvVersion): boolean => ExecutableVersion.atLeast(version, oldest)
