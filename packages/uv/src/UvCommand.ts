/**
 * The arguments of uv for an operation. Pure.
 *
 * The directory is always named, and what a caller gave comes after `--` or after `=`, so that it is never taken for a flag.
 */

import type * as PackageManager from "@darb/package-manager/PackageManager"

type Place = Pick<PackageManager.Place, "extra" | "group">
type Selection = PackageManager.Selection

export interface Init {
  readonly name: string
  readonly python?: string | undefined
}

export interface Add extends Place {
  readonly specs: ReadonlyArray<string>
  readonly noInstall?: boolean | undefined
  readonly indexes?: ReadonlyArray<string> | undefined
}

export interface Remove extends Place {
  readonly names: ReadonlyArray<string>
  readonly noInstall?: boolean | undefined
}

export interface Sync extends Selection {
  readonly locked?: boolean | undefined
  readonly frozen?: boolean | undefined
  /** Only installs what is missing: nothing is removed. */
  readonly inexact?: boolean | undefined
}

const flag = (name: string, given: boolean | undefined): ReadonlyArray<string> => given === true ? [`--${name}`] : []

const option = (name: string, value: string | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : [`--${name}=${value}`]

const options = (name: string, values: ReadonlyArray<string> = []): ReadonlyArray<string> =>
  values.map((value) => `--${name}=${value}`)

const place = ({ extra, group }: Place): ReadonlyArray<string> => [
  ...option("group", group),
  ...option("optional", extra)
]

const selection = ({ extras, groups }: Selection): ReadonlyArray<string> => [
  ...options("group", groups),
  ...options("extra", extras)
]

/** Only the manifest, and a parent's is not touched. */
export const init = (directory: string, { name, python }: Init): ReadonlyArray<string> => [
  ...["init", "--directory", directory, "--bare", "--no-workspace"],
  ...option("name", name),
  ...option("python", python)
]

/** Solves again, and installs what is missing: nothing else is removed. */
export const add = (directory: string, { indexes, noInstall, specs, ...where }: Add): ReadonlyArray<string> => [
  ...["add", "--directory", directory],
  ...flag("no-sync", noInstall),
  ...options("index", indexes),
  ...place(where),
  "--",
  ...specs
]

/** Makes what is installed match the lock file, unless it is not to install. */
export const remove = (directory: string, { names, noInstall, ...where }: Remove): ReadonlyArray<string> => [
  ...["remove", "--directory", directory],
  ...flag("no-sync", noInstall),
  ...place(where),
  "--",
  ...names
]

/** Makes the lock file match the manifest, and what is installed the lock file. */
export const sync = (
  directory: string,
  { frozen, inexact, locked, ...selected }: Sync = {}
): ReadonlyArray<string> => [
  ...["sync", "--directory", directory],
  ...flag("locked", locked),
  ...flag("frozen", frozen),
  ...flag("inexact", inexact),
  ...selection(selected)
]

/** Makes the lock file match the manifest. */
export const lock = (directory: string, { locked }: { readonly locked?: boolean | undefined } = {}) => [
  ...["lock", "--directory", directory],
  ...flag("locked", locked)
]

/** The packages that are brought to their newest versions; none is all. */
const upgrade = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.length === 0 ? ["--upgrade"] : options("upgrade-package", names)

/** Brings the lock file up to date, and what is installed. uv passes over names that it does not know. */
export const update = (
  directory: string,
  names: ReadonlyArray<string>,
  selected: Selection = {}
): ReadonlyArray<string> => [...sync(directory, selected), ...upgrade(names)]

/** Brings the lock file up to date. */
export const updateLock = (directory: string, names: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...lock(directory),
  ...upgrade(names)
]
