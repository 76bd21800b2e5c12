/**
 * A `PackageManager` that implements nothing: for applications without uv, and for their tests.
 *
 * @module
 * @since 0.1.0
 */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import { PackageManager } from "@darb/package-manager/PackageManager"
import { NotImplemented, type OperationName } from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"

const capabilities: Capabilities = {
  kinds: ["pypi"],
  options: {
    ...{ init: [], install: [], remove: [], update: [], list: [], status: [], getManifest: [] },
    ...{ run: [], activation: [], clean: [], destroy: [] }
  },
  exceptions: {}
}

const notImplemented = (operation: OperationName) =>
  Effect.fn(`UvStub.${operation}`)(({ path }: { readonly path: string }) =>
    new NotImplemented({ manager: "uv", operation, environment: path })
  )

/**
 * Every operation fails with `NotImplemented`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.sync(() =>
  PackageManager.of({
    name: "uv",
    capabilities,
    version: new NotImplemented({ manager: "uv", operation: "version", environment: "" }),
    init: notImplemented("init"),
    install: notImplemented("install"),
    remove: notImplemented("remove"),
    update: notImplemented("update"),
    list: notImplemented("list"),
    status: notImplemented("status"),
    run: notImplemented("run"),
    activation: notImplemented("activation"),
    getManifest: notImplemented("getManifest"),
    clean: notImplemented("clean"),
    destroy: notImplemented("destroy"),
    environments: Stream.fail(new NotImplemented({ manager: "uv", operation: "environments", environment: "" }))
  })
)

/**
 * Provides the manager that implements nothing. It needs no services, and takes no options.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<PackageManager> = Layer.effect(PackageManager, make)

/**
 * The same layer under the name that it has in the index of the package.
 *
 * @since 0.1.0
 * @category layers
 */
export const UvStub = layer
