/**
 * Environments of Python and conda packages as an Effect service.
 *
 * Each module is also an entry of its own: `@darb/package-manager/Pixi`. What tests need is below
 * `@darb/package-manager/testing/`.
 */
export { PackageManager } from "./PackageManager.js"
export { PixiLive } from "./Pixi.js"
export { UvLive } from "./Uv.js"
export { UvStub } from "./UvStub.js"

export * as Capabilities from "./Capabilities.js"
export * as Changes from "./Changes.js"
export * as ConfigFile from "./ConfigFile.js"
export * as EnvironmentManifest from "./EnvironmentManifest.js"
export * as Manifest from "./Manifest.js"
export * as Output from "./Output.js"
export * as Package from "./Package.js"
export * as PackageManagerError from "./PackageManagerError.js"
export * as PackageManagers from "./PackageManagers.js"
export * as Pixi from "./Pixi.js"
export * as PixiLock from "./PixiLock.js"
export * as PixiManifest from "./PixiManifest.js"
export * as PixiPrefix from "./PixiPrefix.js"
export * as Status from "./Status.js"
export * as Telemetry from "./Telemetry.js"
export * as Uv from "./Uv.js"
export * as UvLock from "./UvLock.js"
export * as UvManifest from "./UvManifest.js"
export * as UvPrefix from "./UvPrefix.js"
