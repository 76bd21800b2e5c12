/**
 * Chooses a driver by name or by configuration.
 *
 * @module
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"
import type { VersionError } from "./OperationErrors.js"
import { PackageManager } from "./PackageManager.js"

/**
 * There is no driver of that name.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnsupportedManager extends Schema.TaggedError<UnsupportedManager>(
  "@darb/package-manager/PackageManagers/UnsupportedManager"
)("UnsupportedManager", { name: Schema.String, known: Schema.Array(Schema.String) }) {
  override get message() {
    return `there is no package manager ${JSON.stringify(this.name)}: the known ones are ${this.known.join(", ")}`
  }
}

/**
 * The options that all drivers have.
 *
 * @since 0.1.0
 * @category options
 */
export interface DriverOptions {
  /** The executable: a path, or a name to look up on PATH. The name of the manager by default. */
  readonly executable?: string | undefined
  /** The directory that contains all environments. By default they can be anywhere. */
  readonly root?: string | undefined
}

/**
 * Drivers by name, such as `{ pixi: Pixi.make, uv: Uv.make }`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Drivers<E, R> {
  readonly [name: string]: (options: DriverOptions) => Effect.Effect<PackageManager["Type"], E, R>
}

/**
 * Makes the manager of that name. Fails with `UnsupportedManager`, which lists the known names, if there is no such
 * driver.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <E, R>(
  drivers: Drivers<E, R>,
  name: string,
  options: DriverOptions = {}
): Effect.Effect<PackageManager["Type"], UnsupportedManager | E, R> => {
  const driver = Object.hasOwn(drivers, name) ? drivers[name] : undefined
  return driver === undefined ? new UnsupportedManager({ name, known: Object.keys(drivers) }) : driver(options)
}

/**
 * A layer for the manager of that name.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = <E, R>(
  drivers: Drivers<E, R>,
  name: string,
  options?: DriverOptions
): Layer.Layer<PackageManager, UnsupportedManager | E, R> => Layer.effect(PackageManager, make(drivers, name, options))

/**
 * What the configuration says, before a driver is made from it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Configured {
  readonly name: string
  /** The executables by the names of their managers. */
  readonly executables: Readonly<Record<string, Option.Option<string>>>
  readonly root: Option.Option<string>
}

/**
 * The keys `package_manager.default_type` (the first driver by default), `package_manager.environments_root`, and
 * `package_manager.NAME_path` for the executable of each driver.
 *
 * @since 0.1.0
 * @category operations
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

/**
 * What an application sets itself, such as by flags of its command line. The configuration fills in the rest.
 *
 * @since 0.1.0
 * @category options
 */
export interface Overrides extends DriverOptions {
  readonly name?: string | undefined
}

/**
 * A layer for the manager that the configuration names. `overrides` take precedence. Fails with `UnsupportedManager` if
 * there is no driver of that name, and with `ConfigError` if the configuration has a value of the wrong type.
 *
 * ```ts
 * const layer = PackageManagers.layerConfig({ pixi: Pixi.make, uv: Uv.make }).pipe(
 *   Layer.provide(ConfigFile.layer()),
 *   Layer.provide(NodeContext.layer)
 * )
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
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

/**
 * Asks the executable for its version when the layer is built, so that an application without a usable manager does not
 * start: it fails with `ExecutableNotFound`, `UnsupportedVersion` or another `VersionError`. Works with every layer of a
 * `PackageManager`: `verified(layerConfig(drivers))`.
 *
 * @since 0.1.0
 * @category operations
 */
export const verified = <E, R>(
  layer: Layer.Layer<PackageManager, E, R>
): Layer.Layer<PackageManager, E | VersionError, R> =>
  Layer.tap(layer, (context) => Context.get(context, PackageManager).version)
