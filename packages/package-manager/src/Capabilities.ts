/** What a manager supports. Everything in which two managers differ is declared here. */
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

/** The names of an operation's options, except `path`. */
type NamesOf<Options> = ReadonlyArray<Exclude<keyof Options, "path">>

/** The options that a manager supports, by operation. Others fail with `UnsupportedOption`. */
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
  /** The kinds of packages that the manager installs. Specs are in the language of the first kind. */
  readonly kinds: ReadonlyArray<Package.Kind>
  readonly options: Options
  /** The laws of `@darb/testing` that the manager does not satisfy, with the reasons. */
  readonly exceptions: Readonly<Record<string, string>>
}
