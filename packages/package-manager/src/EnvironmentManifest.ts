/**
 * The manifest of an application's own environment as a service.
 *
 * @module
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Manifest } from "./Manifest.js"
import type { GetManifestError } from "./OperationErrors.js"
import { type GetManifestOptions, PackageManager } from "./PackageManager.js"

/**
 * The manifest as it was when the layer was built.
 *
 * @since 0.1.0
 * @category services
 */
export class EnvironmentManifest
  extends Context.Tag("@darb/package-manager/EnvironmentManifest")<EnvironmentManifest, Manifest>()
{}

const read = Effect.fnUntraced(function*(options: GetManifestOptions) {
  const packageManager = yield* PackageManager
  return yield* packageManager.getManifest(options)
})

/**
 * Reads the manifest of an existing environment.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: GetManifestOptions
): Layer.Layer<EnvironmentManifest, GetManifestError, PackageManager> =>
  Layer.effect(EnvironmentManifest, read(options))

/**
 * Reads the path from the configuration.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  options: Config.Config.Wrap<GetManifestOptions>
): Layer.Layer<EnvironmentManifest, GetManifestError | ConfigError, PackageManager> =>
  Layer.effect(EnvironmentManifest, Effect.flatMap(Config.unwrap(options), read))
