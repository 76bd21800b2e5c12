/** What a manager can do: where two of them differ, it is said here. */
import type * as Package from "./Package.js"
import type {
  GetManifestOptions,
  InitOptions,
  InstallOptions,
  ListOptions,
  RemoveOptions,
  StatusOptions,
  UpdateOptions
} from "./PackageManager.js"

/** The names of an operation's options, but for `path`, which all have. */
type NamesOf<Options> = ReadonlyArray<Exclude<keyof Options, "path">>

/** Of each operation the options that a manager has; any other one is `UnsupportedOption`. */
export interface Options {
  readonly init: NamesOf<InitOptions>
  readonly install: NamesOf<InstallOptions>
  readonly remove: NamesOf<RemoveOptions>
  readonly update: NamesOf<UpdateOptions>
  readonly list: NamesOf<ListOptions>
  readonly status: NamesOf<StatusOptions>
  readonly getManifest: NamesOf<GetManifestOptions>
}

export interface Capabilities {
  /** The kinds of packages that it installs. The specs are the language of the first one. */
  readonly kinds: ReadonlyArray<Package.Kind>
  readonly options: Options
  /** The laws of `testing/Laws` that it does not hold, by their names, with the reason. */
  readonly exceptions: Readonly<Record<string, string>>
}
