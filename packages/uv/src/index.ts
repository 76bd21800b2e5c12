/**
 * The uv driver of `@darb/package-manager`. Modules can also be imported one by one: `@darb/uv/UvLock`.
 *
 * @module
 * @since 0.1.0
 */
export { UvLive } from "./Uv.js"
export { UvStub } from "./UvStub.js"

export * as UvLock from "./lock/UvLock.js"
export * as UvManifest from "./manifest/UvManifest.js"
export * as UvPrefix from "./prefix/UvPrefix.js"
export * as Uv from "./Uv.js"
