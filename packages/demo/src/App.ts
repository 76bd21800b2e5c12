/** The layer of the application: the package manager that the options and the configuration name. */
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

/** The drivers that `--manager` can name. */
const drivers = { pixi: Pixi.make, uv: Uv.make }

/** Options win over environment variables, which win over the configuration file. */
export const layer = ({ config, executable, manager }: AppOptions) =>
  PackageManagers.layerConfig(drivers, { name: manager, executable }).pipe(
    Layer.provide(ConfigFile.layer({ file: config }))
  )
