/** The layer that the commands are run with. */
import * as ConfigFile from "@darb/package-manager/ConfigFile"
import * as PackageManagers from "@darb/package-manager/PackageManagers"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"

export interface AppOptions {
  readonly manager: Option.Option<string>
  readonly executable: Option.Option<string>
  readonly config: Option.Option<string>
}

/** The manager that the options name, else the environment variables, else the configuration file. */
export const layer = (options: AppOptions) => {
  const executable = Option.getOrUndefined(options.executable)
  return PackageManagers.layerConfig({
    name: Option.getOrUndefined(options.manager),
    pixiPath: executable,
    uvPath: executable
  }).pipe(
    Layer.provide(ConfigFile.layer({ file: Option.getOrUndefined(options.config) }))
  )
}
