/** The layer that the commands are run with. */
import * as ConfigFile from "@darb/package-manager/ConfigFile"
import * as PackageManagers from "@darb/package-manager/PackageManagers"
import * as Pixi from "@darb/pixi/Pixi"
import * as Uv from "@darb/uv/Uv"
import * as Layer from "effect/Layer"

export interface AppOptions {
  readonly manager: string | undefined
  readonly executable: string | undefined
  readonly config: string | undefined
}

/** The managers that `--manager` can name; the first is the default. */
const drivers = { pixi: Pixi.make, uv: Uv.make }

/** The manager that the options name, else the environment variables, else the configuration file. */
export const layer = ({ config, executable, manager }: AppOptions) =>
  PackageManagers.layerConfig(drivers, { name: manager, executable }).pipe(
    Layer.provide(ConfigFile.layer({ file: config }))
  )
