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
export type Drivers = Readonly<
  Record<string, (options: DriverOptions) => Effect.Effect<PackageManager["Type"], unknown, unknown>>
>

type Made<D extends Drivers> = ReturnType<D[keyof D]>
type Failure<D extends Drivers> = Effect.Effect.Error<Made<D>>
type Requirements<D extends Drivers> = Effect.Effect.Context<Made<D>>

/** Makes the manager whose name is known only at run time; fails with `UnsupportedManager` where no driver has it. */
export const make = <D extends Drivers>(
  drivers: D,
  name: string,
  options: DriverOptions = {}
): Effect.Effect<PackageManager["Type"], UnsupportedManager | Failure<D>, Requirements<D>> => {
  const driver = Object.hasOwn(drivers, name) ? drivers[name] : undefined
  return driver === undefined ? new UnsupportedManager({ name, known: Object.keys(drivers) }) : driver(options)
}

/** A layer for the manager of a name. */
export const layer = <D extends Drivers>(
  drivers: D,
  name: string,
  options?: DriverOptions
): Layer.Layer<PackageManager, UnsupportedManager | Failure<D>, Requirements<D>> =>
  Layer.effect(PackageManager, make(drivers, name, options))

export interface Configured<D extends Drivers> {
  readonly name: string
  /** By the names of the managers. */
  readonly executables: { readonly [Name in keyof D]: Option.Option<string> }
  readonly root: Option.Option<string>
}

/**
 * `package_manager.default_type`, by default the first of the drivers, `package_manager.environments_root`, and
 * `package_manager.NAME_path` for each driver: its executable.
 */
export const config = <D extends Drivers>(drivers: D): Config.Config<Configured<D>> =>
  Config.nested(
    Config.all({
      name: Config.withDefault(Config.nonEmptyString("default_type"), Object.keys(drivers)[0] ?? ""),
      executables: Config.all(
        Record.map(drivers, (_, name) => Config.option(Config.nonEmptyString(`${name}_path`)))
      ) as Config.Config<Configured<D>["executables"]>,
      root: Config.option(Config.nonEmptyString("environments_root"))
    }),
    "package_manager"
  )

export interface Overrides extends DriverOptions {
  readonly name?: string | undefined
}

/** A layer for the manager that the configuration names; `overrides` win. */
export const layerConfig = <D extends Drivers>(
  drivers: D,
  overrides: Overrides = {}
): Layer.Layer<PackageManager, UnsupportedManager | ConfigError | Failure<D>, Requirements<D>> =>
  Layer.effect(
    PackageManager,
    Effect.flatMap(config(drivers), (configured) => {
      const name = overrides.name ?? configured.name
      const executables: Readonly<Record<string, Option.Option<string>>> = configured.executables
      return make(drivers, name, {
        executable: overrides.executable ?? Option.getOrUndefined(executables[name] ?? Option.none()),
        root: overrides.root ?? Option.getOrUndefined(configured.root)
      })
    })
  )
