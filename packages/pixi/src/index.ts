/**
 * The pixi driver of `@darb/package-manager`. Modules can also be imported one by one: `@darb/pixi/PixiLock`.
 *
 * @module
 * @since 0.1.0
 */
export { PixiLive } from "./Pixi.js"

export * as PixiLock from "./lock/PixiLock.js"
export * as PixiManifest from "./manifest/PixiManifest.js"
export * as Pixi from "./Pixi.js"
export * as PixiPrefix from "./prefix/PixiPrefix.js"
