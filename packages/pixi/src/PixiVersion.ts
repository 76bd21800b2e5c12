/**
 * Maps versions of pixi to their capabilities. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as ExecutableVersion from "@darb/package-manager/driver/executable/ExecutableVersion"

/**
 * A version of pixi: three numbers. A suffix, as of a pre-release, is left out.
 *
 * @since 0.1.0
 * @category models
 */
export type PixiVersion = ExecutableVersion.Version

/**
 * The oldest supported version, and the last one on crates.io.
 *
 * @since 0.1.0
 * @category values
 */
export const oldest = "0.15.2"

/**
 * The oldest version with `remove --no-install`.
 *
 * @since 0.1.0
 * @category values
 */
export const removeNoInstall = "0.21.0"

/**
 * The oldest version with `lock --no-install`.
 *
 * @since 0.1.0
 * @category values
 */
export const lockNoInstall = "0.53.0"

/**
 * The oldest version that reads the table `[workspace]`; older ones read only `[project]`.
 *
 * @since 0.1.0
 * @category values
 */
export const workspaceTable = "0.39.0"

/**
 * The oldest version that activates an environment and runs a task without installing.
 *
 * @since 0.1.0
 * @category values
 */
export const activation = "0.30.0"

/**
 * Parses the output of `pixi --version`. A suffix, as of a pre-release, is ignored.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (stdout: string): PixiVersion | undefined =>
  ExecutableVersion.parse(stdout, /^pixi (\d+)\.(\d+)\.(\d+)(?:[-+.]?[0-9A-Za-z.+-]*)?\s*$/)

/**
 * The version as text, such as `0.41.4`.
 *
 * @since 0.1.0
 * @category encoding
 */
export const format = ExecutableVersion.format

/**
 * Whether a version is at least another one, such as `0.27.0`.
 *
 * @since 0.1.0
 * @category values
 */
export const atLeast = ExecutableVersion.atLeast

/**
 * What a version of pixi can do. The bounds were found in its releases.
 *
 * @since 0.1.0
 * @category models
 */
export interface Capabilities {
  readonly version: PixiVersion
  /** `init --format`. Without it, `init` asks a question if the directory has a `pyproject.toml`. */
  readonly initFormat: boolean
  /** The flag of `list` that protects the lock file. */
  readonly listUnchanged: "--frozen" | "--no-lockfile-update"
  /** `update`. Older versions solve again for what the lock file lacks. */
  readonly update: boolean
  /** `lock`. Older versions lock with `list`. */
  readonly lock: boolean
  /** `lock --no-install`. Without it, `lock` installs a prefix to build PyPI packages from source. */
  readonly lockNoInstall: boolean
  /** `remove --no-install`. */
  readonly removeNoInstall: boolean
  /** `remove` with more than one `--platform`. */
  readonly removePlatforms: boolean
  /** Platforms have names. Older versions only have subdirectories. */
  readonly platformNames: boolean
  /** `search --platform`. Without it, `search` uses the platform of this machine. */
  readonly searchPlatform: boolean
  /** `shell-hook --json --frozen --no-install`, and `run --frozen --no-install`. */
  readonly activation: boolean
  /** Some versions occasionally hang while they solve: observed up to 0.29, and not from 0.41 on. */
  readonly mayHang: boolean
  /** The newest lock file format that it reads without rewriting the file. */
  readonly lockFormat: number
  /** The oldest version that reads each kind of manifest. */
  readonly manifests: Readonly<Record<"pixi.toml" | "pyproject.toml" | "mojoproject.toml", string>>
}

/**
 * `undefined` for a version that is not supported.
 *
 * @since 0.1.0
 * @category operations
 */
export const capabilities = (version: PixiVersion): Capabilities | undefined => {
  if (!atLeast(version, oldest)) return undefined
  return {
    version,
    initFormat: atLeast(version, "0.27.0"),
    // From 0.27 to 0.29 `list --frozen` solves and writes the lock file.
    listUnchanged: atLeast(version, "0.27.0") && !atLeast(version, "0.30.0") ? "--no-lockfile-update" : "--frozen",
    update: atLeast(version, "0.23.0"),
    lock: atLeast(version, "0.41.0"),
    lockNoInstall: atLeast(version, lockNoInstall),
    removeNoInstall: atLeast(version, removeNoInstall),
    removePlatforms: atLeast(version, "0.23.0"),
    platformNames: atLeast(version, "0.71.0"),
    searchPlatform: atLeast(version, "0.17.0"),
    activation: atLeast(version, activation),
    mayHang: !atLeast(version, "0.41.0"),
    lockFormat: lockFormat(version),
    manifests: { "pixi.toml": oldest, "pyproject.toml": "0.18.0", "mojoproject.toml": "0.48.2" }
  }
}

const lockFormat = (version: PixiVersion): number => {
  // Unknown versions may read unknown formats.
  if (atLeast(version, "0.78.0")) return Number.POSITIVE_INFINITY
  if (atLeast(version, "0.68.0")) return 7
  if (atLeast(version, "0.39.1")) return 6
  return atLeast(version, "0.21.0") ? 5 : 4
}
