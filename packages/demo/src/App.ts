/** The layer of the application: the package manager that the options and the configuration name. */
import * as ConfigFile from "@darb/package-manager/ConfigFile"
import * as PackageManagers from "@darb/package-manager/PackageManagers"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Argv from "./Argv.js"

/** The drivers that `--manager` can name. A driver is loaded when it is used. */
export const drivers = {
  pixi: (options: PackageManagers.DriverOptions) =>
    Effect.flatMap(Effect.promise(() => import("@darb/pixi/Pixi")), ({ make }) => make(options)),
  uv: (options: PackageManagers.DriverOptions) =>
    Effect.flatMap(Effect.promise(() => import("@darb/uv/Uv")), ({ make }) => make(options))
}

/** Options win over environment variables, which win over the configuration file. */
export const layer = ({ config, executable, manager }: Argv.Call["shared"]) =>
  PackageManagers.layerConfig(drivers, { name: manager, executable }).pipe(
    Layer.provide(ConfigFile.layer({ file: config }))
  )
