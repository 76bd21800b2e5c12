/** Drivers by name, and the one that the configuration names. */
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"
import { PackageManager } from "./PackageManager.js"

/** No driver has that name. */
export class UnsupportedManager extends Schema.TaggedError<UnsupportedManager>(
  "@darb/package-manager/PackageManagers/UnsupportedManager"
)("UnsupportedManager", { name: Schema.String, known: Schema.Array(Schema.String) }) {
  override get message() {
    return `there is no package manager ${JSON.stringify(this.name)}: the known ones are ${this.known.join(", ")}`
  }
}

/** What every driver can be made with. */
export interface DriverOptions {
  /** The executable: a path, or a name that is looked up on PATH. By default the name of the manager. */
  readonly executable?: string | undefined
  /** The directory that contains all environments; by default they can be anywhere. */
  readonly root?: string | undefined
}

/** The `make` of drivers by the names of their managers, such as `{ pixi: Pixi.make, uv: Uv.make }`. */
export type Drivers<E, R> = Readonly<
  Record<string, (options: DriverOptions) => Effect.Effect<PackageManager["Type"], E, R>>
>

/** Makes the manager whose name is known only at run time; fails with `UnsupportedManager` where no driver has it. */
export const make = <E, R>(
  drivers: Drivers<E, R>,
  name: string,
  options: DriverOptions = {}
): Effect.Effect<PackageManager["Type"], UnsupportedManager | E, R> => {
  const driver = Object.hasOwn(drivers, name) ? drivers[name] : undefined
  return driver === undefined ? new UnsupportedManager({ name, known: Object.keys(drivers) }) : driver(options)
}

/** A layer for the manager of a name. */
export const layer = <E, R>(
  drivers: Drivers<E, R>,
  name: string,
  options?: DriverOptions
): Layer.Layer<PackageManager, UnsupportedManager | E, R> => Layer.effect(PackageManager, make(drivers, name, options))

export interface Configured {
  readonly name: string
  /** By the names of the managers. */
  readonly executables: Readonly<Record<string, Option.Option<string>>>
  readonly root: Option.Option<string>
}

/**
 * `package_manager.default_type`, by default the first of the drivers, `package_manager.environments_root`, and
 * `package_manager.NAME_path` for each driver: its executable.
 */
export const config = (drivers: Readonly<Record<string, unknown>>): Config.Config<Configured> =>
  Config.nested(
    Config.all({
      name: Config.withDefault(Config.nonEmptyString("default_type"), Object.keys(drivers)[0] ?? ""),
      executables: Config.all(Record.map(drivers, (_, name) => Config.option(Config.nonEmptyString(`${name}_path`)))),
      root: Config.option(Config.nonEmptyString("environments_root"))
    }),
    "package_manager"
  )

export interface Overrides extends DriverOptions {
  readonly name?: string | undefined
}

/** A layer for the manager that the configuration names; `overrides` win. */
export const layerConfig = <E, R>(
  drivers: Drivers<E, R>,
  overrides: Overrides = {}
): Layer.Layer<PackageManager, UnsupportedManager | ConfigError | E, R> =>
  Layer.effect(
    PackageManager,
    Effect.flatMap(config(drivers), (configured) => {
      const name = overrides.name ?? configured.name
      return make(drivers, name, {
        executable: overrides.executable ?? Option.getOrUndefined(configured.executables[name] ?? Option.none()),
        root: overrides.root ?? Option.getOrUndefined(configured.root)
      })
    })
  )
