/** The layer that the commands are run with. */
import * as ConfigFile from "@darb/package-manager/ConfigFile"
import * as PackageManagers from "@darb/package-manager/PackageManagers"
import * as Layer from "effect/Layer"

export interface AppOptions {
  readonly manager: string | undefined
  readonly executable: string | undefined
  readonly config: string | undefined
}

/** The manager that the options name, else the environment variables, else the configuration file. */
export const layer = ({ config, executable, manager }: AppOptions) =>
  PackageManagers.layerConfig({ name: manager, pixiPath: executable, uvPath: executable }).pipe(
    Layer.provide(ConfigFile.layer({ file: config }))
  )
