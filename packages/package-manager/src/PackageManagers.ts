/** Package managers by name, and the one that the configuration names. */
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { PackageManager } from "./PackageManager.js"
import * as Pixi from "./Pixi.js"
import * as Uv from "./Uv.js"

/** The names of the managers that there are. */
export const known = ["pixi", "uv"] as const
export type Name = typeof known[number]

/** There is no manager of that name. */
export class UnsupportedManager extends Schema.TaggedError<UnsupportedManager>(
  "@darb/package-manager/PackageManagers/UnsupportedManager"
)("UnsupportedManager", { name: Schema.String, known: Schema.Array(Schema.String) }) {
  override get message() {
    return `there is no package manager ${JSON.stringify(this.name)}: the known ones are ${this.known.join(", ")}`
  }
}

export interface Options {
  /** The executable of pixi: a path, or a name that is looked for on PATH. */
  readonly pixiPath?: string | undefined
  /** The executable of uv, likewise. */
  readonly uvPath?: string | undefined
  /** The directory that all environments are in; by default they can be anywhere. */
  readonly environmentsRoot?: string | undefined
}

const isKnown = Schema.is(Schema.Literal(...known))

/** The manager of a name that is known only at run time. */
export const make = Effect.fnUntraced(function*(name: string, options: Options = {}) {
  if (!isKnown(name)) return yield* new UnsupportedManager({ name, known })
  switch (name) {
    case "pixi":
      return yield* Pixi.make({ executable: options.pixiPath, root: options.environmentsRoot })
    case "uv":
      return yield* Uv.make({ executable: options.uvPath, root: options.environmentsRoot })
  }
})

/** A layer for the manager of a name. */
export const layer = (
  name: string,
  options?: Options
): Layer.Layer<PackageManager, UnsupportedManager, Pixi.Requirements> =>
  Layer.effect(PackageManager, make(name, options))

const optional = (name: string) => Config.option(Config.nonEmptyString(name))

/**
 * `package_manager.default_type`, which is `pixi` by default, `package_manager.pixi_path`, `package_manager.uv_path` and
 * `package_manager.environments_root`.
 */
export const config = Config.nested(
  Config.all({
    name: Config.withDefault(Config.nonEmptyString("default_type"), "pixi"),
    pixiPath: optional("pixi_path"),
    uvPath: optional("uv_path"),
    environmentsRoot: optional("environments_root")
  }),
  "package_manager"
)

export interface Overrides extends Options {
  readonly name?: string | undefined
}

/** A layer for the manager that the configuration names; what is given here wins. */
export const layerConfig = (
  overrides: Overrides = {}
): Layer.Layer<PackageManager, UnsupportedManager | ConfigError, Pixi.Requirements> =>
  Layer.effect(
    PackageManager,
    Effect.flatMap(config, ({ environmentsRoot, name, pixiPath, uvPath }) =>
      make(overrides.name ?? name, {
        pixiPath: overrides.pixiPath ?? Option.getOrUndefined(pixiPath),
        uvPath: overrides.uvPath ?? Option.getOrUndefined(uvPath),
        environmentsRoot: overrides.environmentsRoot ?? Option.getOrUndefined(environmentsRoot)
      }))
  )
