/** Parses versions of uv. Pure. */
import * as ExecutableVersion from "@darb/package-manager/driver/executable/ExecutableVersion"

export type UvVersion = ExecutableVersion.Version

/** The oldest supported version. */
export const oldest = "0.9.20"

/** Parses the output of `uv --version`. A commit and a platform after the version are ignored. */
export const parse = (stdout: string): UvVersion | undefined =>
  ExecutableVersion.parse(stdout, /^uv (\d+)\.(\d+)\.(\d+)\S*(?: \(.*\))?\s*$/)

export const format = ExecutableVersion.format

export const isSupported = (version: UvVersion): boolean => ExecutableVersion.atLeast(version, oldest)
