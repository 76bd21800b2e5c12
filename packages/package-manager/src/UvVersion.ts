/** The version of a uv. Pure. */
import * as ToolVersion from "./internal/toolVersion.js"

export type UvVersion = ToolVersion.Version

/** The oldest version that is driven. */
export const oldest = "0.9.20"

/** The version in what `uv --version` prints; what follows it, a commit and a platform, is passed over. */
export const parse = (stdout: string): UvVersion | undefined =>
  ToolVersion.parse(stdout, /^uv (\d+)\.(\d+)\.(\d+)\S*(?: \(.*\))?\s*$/)

export const format = ToolVersion.format

/** Whether a version is driven. */
export const isSupported = (version: UvVersion): boolean => ToolVersion.atLeast(version, oldest)
