/** What a pixi can do, by its version. Pure. */

import * as ExecutableVersion from "@darb/package-manager/driver/ExecutableVersion"

export type PixiVersion = ExecutableVersion.Version

/** The oldest version that is driven; the last one on crates.io. */
export const oldest = "0.15.2"

/** The oldest version that can remove and leave what is installed as it is. */
export const removeNoInstall = "0.21.0"

/** The version in what `pixi --version` prints. A suffix, as of a pre-release, is passed over. */
export const parse = (stdout: string): PixiVersion | undefined =>
  ExecutableVersion.parse(stdout, /^pixi (\d+)\.(\d+)\.(\d+)(?:[-+.]?[0-9A-Za-z.+-]*)?\s*$/)

export const format = ExecutableVersion.format

/** Whether a version is at least the other, which is given as `0.27.0`. */
export const atLeast = ExecutableVersion.atLeast

export interface Capabilities {
  readonly version: PixiVersion
  /** `init --format`: without it, a `pyproject.toml` in the directory makes `init` ask what to do. */
  readonly initFormat: boolean
  /** The flag of `list` that keeps the lock file as it is. */
  readonly listUnchanged: "--frozen" | "--no-lockfile-update"
  /** `update`; older versions solve again. */
  readonly update: boolean
  /** `lock`: older versions solve for a list that may change the lock file. */
  readonly lock: boolean
  /** `remove --no-install`. */
  readonly removeNoInstall: boolean
  /** `remove --platform` more than once. */
  readonly removePlatforms: boolean
  /** Platforms have names; older versions have subdirectories only. */
  readonly platformNames: boolean
  /** `search --platform`: without it, it searches for the platform of this machine. */
  readonly searchPlatform: boolean
  /** Now and then it does not come to an end when it solves: seen up to 0.29, and not in 0.41 and newer ones. */
  readonly mayHang: boolean
  /** The newest format of lock files that it reads and does not rewrite. */
  readonly lockFormat: number
  /** The version since which each kind of manifest is read. */
  readonly manifests: Readonly<Record<"pixi.toml" | "pyproject.toml" | "mojoproject.toml", string>>
}

/** `undefined` for a version older than the oldest that is driven. */
export const capabilities = (version: PixiVersion): Capabilities | undefined => {
  if (!atLeast(version, oldest)) return undefined
  return {
    version,
    initFormat: atLeast(version, "0.27.0"),
    // From 0.27 to 0.29 `--frozen` is accepted and ignored: the lock file is solved again and written.
    listUnchanged: atLeast(version, "0.27.0") && !atLeast(version, "0.30.0") ? "--no-lockfile-update" : "--frozen",
    update: atLeast(version, "0.23.0"),
    lock: atLeast(version, "0.41.0"),
    removeNoInstall: atLeast(version, removeNoInstall),
    removePlatforms: atLeast(version, "0.23.0"),
    platformNames: atLeast(version, "0.71.0"),
    searchPlatform: atLeast(version, "0.17.0"),
    mayHang: !atLeast(version, "0.41.0"),
    lockFormat: lockFormat(version),
    manifests: { "pixi.toml": oldest, "pyproject.toml": "0.18.0", "mojoproject.toml": "0.48.2" }
  }
}

const lockFormat = (version: PixiVersion): number => {
  // What comes after the versions that are known may read what comes after the formats that are known.
  if (atLeast(version, "0.78.0")) return Number.POSITIVE_INFINITY
  if (atLeast(version, "0.68.0")) return 7
  if (atLeast(version, "0.39.1")) return 6
  return atLeast(version, "0.21.0") ? 5 : 4
}
