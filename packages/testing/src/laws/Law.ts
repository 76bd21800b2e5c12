/** What holds for every manager, as something that can be tried out. */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import type { InitOptions, PackageManager } from "@darb/package-manager/PackageManager"
import type { PlatformError } from "@effect/platform/Error"
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

/** A manager that is tried, and what it needs for that. Its channel or index has the packages of `Laws.examples`. */
export interface Subject {
  /** What it is called in tables, such as `pixi 0.77.0`; by default the name of the manager. */
  readonly name?: string | undefined
  /**
   * Operations that end in `CommandTimedOut` are not tried again by the laws: a manager whose executable hangs now and
   * then does that itself.
   */
  readonly manager: Context.Tag.Service<PackageManager>
  /** What every environment is made with, such as the channel that has the packages. */
  readonly init: Omit<InitOptions, "path">
  /** An absolute path where nothing is, in a directory of its own that is removed with the scope. */
  readonly directory: Effect.Effect<string, PlatformError, Scope.Scope>
  /**
   * The texts of the files that must be as they were after what changes nothing, by name, and nothing for a path where
   * nothing is. By default what `getManifest` and `list` say is compared, and nothing else.
   */
  readonly snapshot?: ((path: string) => Effect.Effect<Readonly<Record<string, string>>, PlatformError>) | undefined
}

/** A law does not hold. */
export class LawBroken extends Schema.TaggedError<LawBroken>("@darb/package-manager/testing/LawBroken")("LawBroken", {
  law: Schema.String,
  expected: Schema.String,
  found: Schema.String
}) {
  override get message() {
    return `${this.law}: expected ${this.expected}, found ${this.found}`
  }
}

export interface Law {
  /** In kebab case: what `capabilities.exceptions` names. */
  readonly name: string
  /** One sentence. */
  readonly statement: string
  /** Why there is nothing to try with a manager that lacks an option; `undefined` for one that has it. */
  readonly absent: (capabilities: Capabilities) => string | undefined
  /** Fails if the law does not hold. Cleans up with the scope. */
  readonly check: (subject: Subject) => Effect.Effect<void, LawBroken, Scope.Scope>
}
