import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PackageManager } from "../src/PackageManager.js"
import { UnsupportedVersion } from "../src/PackageManagerError.js"
import * as PackageManagers from "../src/PackageManagers.js"

const capabilities = {
  kinds: [],
  options: {
    init: [],
    install: [],
    remove: [],
    update: [],
    list: [],
    status: [],
    run: [],
    activation: [],
    getManifest: [],
    clean: [],
    destroy: []
  },
  exceptions: {}
}

const tooOld = new UnsupportedVersion({
  manager: "fake",
  operation: "version",
  environment: "",
  executable: "fake",
  found: "0.1",
  required: "1.0",
  reason: "it is too old"
})

const mock = (version: PackageManager["Type"]["version"]) =>
  Layer.mock(PackageManager, { name: "fake", capabilities, version })

describe("a verified layer", () => {
  it.effect("asks for the version once, when it is built", () =>
    Effect.gen(function*() {
      let asked = 0
      const layer = PackageManagers.verified(mock(Effect.sync(() => `1.${asked++}`)))
      const name = yield* Effect.provide(Effect.map(PackageManager, ({ name }) => name), layer)
      assert.deepStrictEqual([name, asked], ["fake", 1])
    }))

  it.effect("fails to build if the manager is not usable, and the application does not start", () =>
    Effect.gen(function*() {
      let started = false
      const application = Layer.effectDiscard(Effect.sync(() => {
        started = true
      }))
      const layer = Layer.provide(application, PackageManagers.verified(mock(tooOld)))
      assert.strictEqual(yield* Effect.flip(Effect.scoped(Layer.build(layer))), tooOld)
      assert.isFalse(started)
    }))

  it.effect("works for the manager that the configuration names", () =>
    Effect.gen(function*() {
      const layer = PackageManagers.verified(PackageManagers.layerConfig({
        fake: () => PackageManager.pipe(Effect.provide(mock(tooOld)))
      }))
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      assert.strictEqual(error._tag, "UnsupportedVersion")
    }).pipe(Effect.withConfigProvider(ConfigProvider.fromMap(new Map()))))
})
