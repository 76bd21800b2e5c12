/**
 * Builds the command lines of uv. Pure.
 *
 * Each names the directory of the environment. Names and specs follow `--`, so that uv never takes them for flags.
 *
 * @module
 * @since 0.1.0
 */
import { flags } from "@darb/package-manager/driver/executable/Flags"
import type * as PackageManager from "@darb/package-manager/PackageManager"

type Arguments = ReadonlyArray<string>
type Place = Pick<PackageManager.Place, "extra" | "group">
type Selection = PackageManager.Selection

const command = (name: string, directory: string): Arguments => [name, "--directory", directory]

const place = ({ extra, group }: Place): Arguments => flags({ group, optional: extra })

/**
 * What `uv init` writes into the manifest.
 *
 * @since 0.1.0
 * @category options
 */
export interface Init {
  readonly name: string
  readonly python?: string | undefined
}

/**
 * Writes a manifest and nothing else; the manifest of a parent directory stays as it is.
 *
 * @since 0.1.0
 * @category commands
 */
export const init = (directory: string, { name, python }: Init): Arguments => [
  ...command("init", directory),
  ...flags({ bare: true, "no-workspace": true, name, python })
]

/**
 * What to add, and to which part of the manifest.
 *
 * @since 0.1.0
 * @category options
 */
export interface Add extends Place {
  readonly specs: ReadonlyArray<string>
  readonly noInstall?: boolean | undefined
  readonly indexes?: ReadonlyArray<string> | undefined
}

/**
 * Adds dependencies, solves, and installs what is missing. Uninstalls nothing else.
 *
 * @since 0.1.0
 * @category commands
 */
export const add = (directory: string, { indexes, noInstall, specs, ...where }: Add): Arguments => [
  ...command("add", directory),
  ...flags({ "no-sync": noInstall, index: indexes }),
  ...place(where),
  "--",
  ...specs
]

/**
 * What to remove, and from which part of the manifest.
 *
 * @since 0.1.0
 * @category options
 */
export interface Remove extends Place {
  readonly names: ReadonlyArray<string>
  readonly noInstall?: boolean | undefined
}

/**
 * Removes dependencies, solves, and makes the prefix match the lock file unless `noInstall` is set.
 *
 * @since 0.1.0
 * @category commands
 */
export const remove = (directory: string, { names, noInstall, ...where }: Remove): Arguments => [
  ...command("remove", directory),
  ...flags({ "no-sync": noInstall }),
  ...place(where),
  "--",
  ...names
]

/**
 * What to install besides the dependencies, and whether the lock file may change.
 *
 * @since 0.1.0
 * @category options
 */
export interface Sync extends Selection {
  readonly locked?: boolean | undefined
  readonly frozen?: boolean | undefined
  /** Installs what is missing and uninstalls nothing. */
  readonly inexact?: boolean | undefined
}

/**
 * Makes the lock file match the manifest, and the prefix match the lock file.
 *
 * @since 0.1.0
 * @category commands
 */
export const sync = (directory: string, { extras, frozen, groups, inexact, locked }: Sync = {}): Arguments => [
  ...command("sync", directory),
  ...flags({ locked, frozen, inexact, group: groups, extra: extras })
]

/**
 * Makes the lock file match the manifest.
 *
 * @since 0.1.0
 * @category commands
 */
export const lock = (directory: string, { locked }: Pick<Sync, "locked"> = {}): Arguments => [
  ...command("lock", directory),
  ...flags({ locked })
]

/**
 * Replaces the prefix by a new one with the same Python.
 *
 * @since 0.1.0
 * @category commands
 */
export const venv = (directory: string, python: string): Arguments => [
  ...command("venv", directory),
  ...flags({ clear: true, python })
]

/**
 * Whether a command changes the prefix.
 *
 * @since 0.1.0
 * @category commands
 */
export const installs = ([name, ...args]: Arguments): boolean => name !== "lock" && !args.includes("--no-sync")

/** Upgrades the named packages, or all if there are no names. */
const upgrade = (names: ReadonlyArray<string>): Arguments =>
  flags({ upgrade: names.length === 0, "upgrade-package": names })

/**
 * Upgrades packages in the lock file and in the prefix. uv ignores names that it does not know.
 *
 * @since 0.1.0
 * @category commands
 */
export const update = (directory: string, names: ReadonlyArray<string>, selection: Selection = {}): Arguments => [
  ...sync(directory, selection),
  ...upgrade(names)
]

/**
 * Upgrades packages in the lock file.
 *
 * @since 0.1.0
 * @category commands
 */
export const updateLock = (directory: string, names: ReadonlyArray<string>): Arguments => [
  ...lock(directory),
  ...upgrade(names)
]
