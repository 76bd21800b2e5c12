/** The place of uv until it is implemented: it says so. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PackageManager } from "./PackageManager.js"
import { NotImplemented, type Operation } from "./PackageManagerError.js"

const notImplemented = (operation: Operation) =>
  Effect.fn(`UvStub.${operation}`)(({ path }: { readonly path: string }) =>
    new NotImplemented({ manager: "uv", operation, environment: path })
  )

/** A manager whose every operation fails with `NotImplemented`. */
export const make = Effect.succeed(PackageManager.of({
  name: "uv",
  init: notImplemented("init"),
  install: notImplemented("install"),
  remove: notImplemented("remove"),
  update: notImplemented("update"),
  list: notImplemented("list"),
  getManifest: notImplemented("getManifest")
}))

export const layer: Layer.Layer<PackageManager> = Layer.effect(PackageManager, make)

export const UvStub = layer
