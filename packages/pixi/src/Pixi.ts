/**
 * Drives pixi, from 0.15.2 to the newest version.
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
import { makeActivation } from "./operation/PixiActivation.js"
import { makeFiles } from "./operation/PixiFiles.js"
import { makeInit } from "./operation/PixiInit.js"
import { makeInstall } from "./operation/PixiInstall.js"
import { makeList } from "./operation/PixiList.js"
import { makeRemove } from "./operation/PixiRemove.js"
import { makeStatus, withStatus } from "./operation/PixiStatus.js"
import { withTotals } from "./operation/PixiTotals.js"
import { makeUpdate } from "./operation/PixiUpdate.js"
import { description } from "./PixiExecutable.js"
import * as PixiVersion from "./PixiVersion.js"

/**
 * The options of all drivers; `executable` is `pixi` by default. Credentials of channels are in the file that the
 * variable `RATTLER_AUTH_FILE` names, which pixi inherits from the application.
 *
 * @since 0.1.0
 * @category options
 */
export type PixiOptions = ExecutableOptions

/**
 * The services that the driver runs on.
 *
 * @since 0.1.0
 * @category models
 */
export type Requirements = CommandExecutorService | FileSystem.FileSystem | Path.Path

/**
 * What the driver supports: conda and PyPI packages, features, environments and tasks. A version of pixi that lacks one
 * of them fails with `UnsupportedVersion`, which names the version to install.
 *
 * @since 0.1.0
 * @category values
 */
export const capabilities: Capabilities = {
  kinds: ["conda", "pypi"],
  options: {
    init: ["name", "python", "channels", "platforms"],
    install: ["packages", "pypi", "locked", "frozen", "noInstall", "dryRun", "environment", "feature", "platforms"],
    remove: ["packages", "noInstall", "dryRun", "feature", "platforms"],
    update: ["packages", "noInstall", "dryRun"],
    list: ["environment", "platform"],
    status: ["environment"],
    run: ["environment", "command", "task", "args", "variables", "directory", "stdin", "stdio", "output"],
    activation: ["environment"],
    getManifest: [],
    clean: [],
    destroy: []
  },
  exceptions: {}
}

/**
 * Makes a `PackageManager` that runs pixi. It starts no process: a missing or too old pixi fails the first operation
 * that needs it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: PixiOptions = {}) {
  const driver = yield* makeDriver(
    description,
    options,
    (directories, executable) =>
      Effect.flatMap(
        makeFiles(directories, executable),
        (files) => withTotals(withStatus(files), executable.environment)
      )
  )

  const init = yield* makeInit(driver)

  return makeManager({
    name: "pixi",
    module: "Pixi",
    capabilities,
    directories: driver.directories,
    version: Effect.map(driver.executable.version, ({ version }) => PixiVersion.format(version)),
    handlers: {
      init: (operation, options) => Effect.andThen(driver.destruction.sweepRoot, init(operation, options)),
      install: makeInstall(driver),
      remove: yield* makeRemove(driver),
      update: makeUpdate(driver),
      list: yield* makeList(driver),
      status: makeStatus(driver),
      ...yield* makeActivation(driver),
      getManifest: (operation) => Effect.map(driver.inspect(operation), ({ decoded }) => decoded),
      clean: driver.destruction.clean,
      destroy: driver.destruction.destroy
    },
    environments: driver.destruction.environments("pixi")
  })
})

/**
 * A layer with options. Each call makes a new instance, so store the layer and share it. Nothing is started: use
 * `layerVerified` to fail early.
 *
 * ```ts
 * const PixiOfServer = Pixi.layer({ executable: "/opt/pixi", root: "/srv/environments", waitLimit: "1 minute" })
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: PixiOptions): Layer.Layer<PackageManager, never, Requirements> =>
  Layer.effect(PackageManager, make(options))

/**
 * A layer whose construction fails if pixi is not there or too old.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerVerified = (options?: PixiOptions): Layer.Layer<PackageManager, VersionError, Requirements> =>
  verified(layer(options))

/**
 * A layer whose options come from the configuration.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  options: Config.Config.Wrap<PixiOptions>
): Layer.Layer<PackageManager, ConfigError, Requirements> =>
  Layer.effect(PackageManager, Effect.flatMap(Config.unwrap(options), make))

/**
 * The `pixi` on PATH.
 *
 * @since 0.1.0
 * @category layers
 */
export const PixiLive = layer()
