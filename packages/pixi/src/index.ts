/** The pixi driver of `@darb/package-manager`. Each module is also an entry of its own, such as `@darb/pixi/PixiLock`. */
export { PixiLive } from "./Pixi.js"

export * as PixiLock from "./lock/PixiLock.js"
export * as PixiManifest from "./manifest/PixiManifest.js"
export * as Pixi from "./Pixi.js"
export * as PixiPrefix from "./prefix/PixiPrefix.js"
