/**
 * Parses versions of uv. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as ExecutableVersion from "@darb/package-manager/driver/executable/ExecutableVersion"

/**
 * A version of uv: three numbers. A suffix, as of a pre-release, is left out.
 *
 * @since 0.1.0
 * @category models
 */
export type UvVersion = ExecutableVersion.Version

/**
 * The oldest supported version.
 *
 * @since 0.1.0
 * @category values
 */
export const oldest = "0.9.20"

/**
 * Parses the output of `uv --version`. A commit and a platform after the version are ignored.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (stdout: string): UvVersion | undefined =>
  ExecutableVersion.parse(stdout, /^uv (\d+)\.(\d+)\.(\d+)\S*(?: \(.*\))?\s*$/)

/**
 * The version as text, such as `0.9.20`.
 *
 * @since 0.1.0
 * @category encoding
 */
export const format = ExecutableVersion.format

/**
 * Whether the driver works with this version: it is `oldest` or newer. There is no newest one.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isSupported = (version: UvVersion): boolean => ExecutableVersion.atLeast(version, oldest)
