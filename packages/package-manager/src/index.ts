/**
 * Environments of conda and Python packages as an Effect service.
 *
 * Each module is also an entry of its own, such as `@darb/package-manager/Output`. The drivers are separate packages:
 * `@darb/pixi` and `@darb/uv`. Drivers are written with the modules in `@darb/package-manager/driver/`. Those are unstable
 * and may change in any release before 1.0.
 *
 * @module
 * @since 0.1.0
 */
export { PackageManager } from "./PackageManager.js"

export * as Activation from "./Activation.js"
export * as Capabilities from "./Capabilities.js"
export * as Changes from "./Changes.js"
export * as ConfigFile from "./ConfigFile.js"
export * as ActivatedCommand from "./driver/process/ActivatedCommand.js"
export * as Environment from "./Environment.js"
export * as EnvironmentManifest from "./EnvironmentManifest.js"
export * as Manifest from "./Manifest.js"
export * as OperationErrors from "./OperationErrors.js"
export * as Output from "./Output.js"
export * as Package from "./Package.js"
export * as PackageManagerError from "./PackageManagerError.js"
export * as PackageManagers from "./PackageManagers.js"
export * as PublicError from "./PublicError.js"
export * as RunResult from "./RunResult.js"
export * as Status from "./Status.js"
export * as Telemetry from "./Telemetry.js"
