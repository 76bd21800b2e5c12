/**
 * What a manager supports. Everything in which two managers differ is declared here.
 *
 * @module
 * @since 0.1.0
 */
import type * as Options from "./OperationOptions.js"
import type * as Package from "./Package.js"

/** The names of an operation's options, except `path`. */
type NamesOf<A> = ReadonlyArray<Exclude<keyof A, "path">>

/**
 * The options that a manager supports, by operation. Others fail with `UnsupportedOption`.
 *
 * @since 0.1.0
 * @category options
 */
export interface SupportedOptions {
  readonly init: NamesOf<Options.InitOptions>
  readonly install: NamesOf<Options.InstallOptions>
  readonly remove: NamesOf<Options.RemoveOptions>
  readonly update: NamesOf<Options.UpdateOptions>
  readonly list: NamesOf<Options.ListOptions>
  readonly status: NamesOf<Options.StatusOptions>
  readonly run: NamesOf<Options.RunOptions>
  readonly activation: NamesOf<Options.ActivationOptions>
  readonly getManifest: NamesOf<Options.GetManifestOptions>
  readonly clean: NamesOf<Options.CleanOptions>
  readonly destroy: NamesOf<Options.DestroyOptions>
}

/**
 * What a driver supports, whatever the version of its executable. An application can offer only what works, instead of
 * waiting for `UnsupportedOption`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Capabilities {
  /** The kinds of packages that the manager installs. Specs are in the language of the first kind. */
  readonly kinds: ReadonlyArray<Package.Kind>
  readonly options: SupportedOptions
  /** The laws of `@darb/laws` that the manager does not satisfy, with the reasons. */
  readonly exceptions: Readonly<Record<string, string>>
}
