/**
 * Drives uv, from 0.9.20 to the newest version.
 *
 * @module
 * @since 0.1.0
 */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import { makeDriver } from "@darb/package-manager/driver/Driver"
import type { ExecutableOptions } from "@darb/package-manager/driver/executable/ExecutableDescription"
import { makeManager } from "@darb/package-manager/driver/Manager"
import type { CommandExecutorService } from "@darb/package-manager/driver/process/Process"
import type { VersionError } from "@darb/package-manager/OperationErrors"
import { PackageManager } from "@darb/package-manager/PackageManager"
import { verified } from "@darb/package-manager/PackageManagers"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { makeConfiguration } from "./manifest/UvConfiguration.js"
import { makeActivation } from "./operation/UvActivation.js"
import { makeFiles } from "./operation/UvFiles.js"
import { makeInit } from "./operation/UvInit.js"
import { makeInstall } from "./operation/UvInstall.js"
import { makeList } from "./operation/UvList.js"
import { makeRemove } from "./operation/UvRemove.js"
import { makeStatus, withStatus } from "./operation/UvStatus.js"
import { withTotals } from "./operation/UvTotals.js"
import { makeUpdate } from "./operation/UvUpdate.js"
import { description } from "./UvExecutable.js"
import * as UvVersion from "./UvVersion.js"

/**
 * The options of all drivers; `executable` is `uv` by default. Credentials of indexes go into `environment`, as
 * `UV_INDEX_NAME_USERNAME` and `UV_INDEX_NAME_PASSWORD`.
 *
 * @since 0.1.0
 * @category options
 */
export type UvOptions = ExecutableOptions

/**
 * The services that the driver runs on.
 *
 * @since 0.1.0
 * @category models
 */
export type Requirements = CommandExecutorService | FileSystem.FileSystem | Path.Path

/**
 * What the driver supports with any uv from 0.9.20 on: PyPI packages only, groups and extras, and no tasks.
 *
 * @since 0.1.0
 * @category values
 */
export const capabilities: Capabilities = {
  kinds: ["pypi"],
  options: {
    init: ["name", "python", "indexes"],
    install: ["packages", "locked", "frozen", "noInstall", "dryRun", "group", "extra", "indexes", "groups", "extras"],
    remove: ["packages", "noInstall", "dryRun", "group", "extra", "groups", "extras"],
    update: ["packages", "noInstall", "dryRun", "groups", "extras"],
    list: [],
    status: [],
    run: ["command", "variables", "directory", "stdin", "stdio", "output"],
    activation: [],
    getManifest: [],
    clean: [],
    destroy: []
  },
  exceptions: {}
}

/**
 * Makes a `PackageManager` that runs uv. It starts no process: a missing or too old uv fails the first operation that
 * needs it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: UvOptions = {}) {
  const base = yield* makeDriver(
    description,
    options,
    (directories, { environment }) =>
      Effect.flatMap(makeFiles(directories, environment), (files) => withTotals(withStatus(files)))
  )
  const driver = { ...base, configuration: yield* makeConfiguration(base.executable.environment) }

  const init = yield* makeInit(driver)

  return makeManager({
    name: "uv",
    module: "Uv",
    capabilities,
    directories: driver.directories,
    version: Effect.map(driver.executable.version, UvVersion.format),
    handlers: {
      init: (operation, options) => Effect.andThen(driver.destruction.sweepRoot, init(operation, options)),
      install: makeInstall(driver),
      remove: makeRemove(driver),
      update: makeUpdate(driver),
      list: makeList(driver),
      status: makeStatus(driver),
      ...yield* makeActivation(driver),
      getManifest: (operation) => Effect.map(driver.inspect(operation), driver.files.toManifest),
      clean: driver.destruction.clean,
      destroy: driver.destruction.destroy
    },
    environments: driver.destruction.environments("uv")
  })
})

/**
 * A layer with options. Each call makes a new instance, so store the layer and share it. Nothing is started: use
 * `layerVerified` to fail early.
 *
 * ```ts
 * const UvOfServer = Uv.layer({ executable: "/opt/uv", root: "/srv/environments", waitLimit: "1 minute" })
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: UvOptions): Layer.Layer<PackageManager, never, Requirements> =>
  Layer.effect(PackageManager, make(options))

/**
 * A layer whose construction fails if uv is not there or too old.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerVerified = (options?: UvOptions): Layer.Layer<PackageManager, VersionError, Requirements> =>
  verified(layer(options))

/**
 * A layer whose options come from the configuration.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  options: Config.Config.Wrap<UvOptions>
): Layer.Layer<PackageManager, ConfigError, Requirements> =>
  Layer.effect(PackageManager, Effect.flatMap(Config.unwrap(options), make))

/**
 * The `uv` on PATH.
 *
 * @since 0.1.0
 * @category layers
 */
export const UvLive = layer()
