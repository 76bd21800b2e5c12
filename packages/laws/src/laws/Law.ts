/**
 * Laws of package managers, and the subjects that they are checked on.
 *
 * @module
 * @since 0.1.0
 */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import type { InitOptions, PackageManager } from "@darb/package-manager/PackageManager"
import type { PlatformError } from "@effect/platform/Error"
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

/**
 * A manager under test. Its channel or index has the packages of `Laws.examples`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Subject {
  /** Its label in tables, such as `pixi 0.77.0`; by default the name of the manager. */
  readonly name?: string | undefined
  /** The laws do not retry `CommandTimedOut`: a manager whose executable occasionally hangs has to retry by itself. */
  readonly manager: Context.Tag.Service<PackageManager>
  /** Options of `init` for every environment, such as the channel that has the packages. */
  readonly init: Omit<InitOptions, "path">
  /** A new absolute path without a file, in a directory of its own that is removed when the scope closes. */
  readonly directory: Effect.Effect<string, PlatformError, Scope.Scope>
  /**
   * The texts of the files that an operation without effect must leave unchanged, by name; empty for a path that does not
   * exist. By default only the results of `getManifest` and `list` are compared.
   */
  readonly snapshot?: ((path: string) => Effect.Effect<Readonly<Record<string, string>>, PlatformError>) | undefined
  /** Whether a process runs, if programs are processes. */
  readonly isRunning?: ((pid: number) => Effect.Effect<boolean>) | undefined
  /** A text for each file, directory and link below a path, by path from there: all that a dry run must leave unchanged. */
  readonly tree?: ((path: string) => Effect.Effect<Readonly<Record<string, string>>, PlatformError>) | undefined
  /** Makes the same manager with a directory of all environments. Without it, the laws of `destroy` are not tried. */
  readonly rooted?: ((root: string) => Effect.Effect<Context.Tag.Service<PackageManager>>) | undefined
}

/**
 * The manager breaks a law.
 *
 * @since 0.1.0
 * @category errors
 */
export class LawBroken extends Schema.TaggedError<LawBroken>("@darb/laws/LawBroken")("LawBroken", {
  law: Schema.String,
  expected: Schema.String,
  found: Schema.String
}) {
  override get message() {
    return `${this.law}: expected ${this.expected}, found ${this.found}`
  }
}

/**
 * A statement about every package manager, and the check of it on one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Law {
  /** In kebab case, as `capabilities.exceptions` names it. */
  readonly name: string
  /** One sentence. */
  readonly statement: string
  /** Why the law does not apply to a manager, such as a missing option; `undefined` if it applies. */
  readonly absent: (capabilities: Capabilities) => string | undefined
  /** Fails if the manager breaks the law. Cleans up when the scope closes. */
  readonly check: (subject: Subject) => Effect.Effect<void, LawBroken, Scope.Scope>
}
