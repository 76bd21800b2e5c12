import { PackageManager } from "@darb/package-manager"
import { Pixi } from "@darb/pixi"
import { NodeContext } from "@effect/platform-node"
import { Effect, Layer } from "effect"

/** Adds a package to a feature of the manifest, and tells which environments get it. */
export const addTests = Effect.gen(function*() {
  const packageManager = yield* PackageManager
  const path = "./analysis"
  const { added } = yield* packageManager.install({ path, packages: ["pytest >=8"], feature: "test" })
  return added.map(({ environments, name, version }) => `${name} ${version}: ${environments.join(", ")}`)
})

/** A pixi that is not on PATH, and a limit for the wait for other operations. */
export const PixiOfServer = Pixi.layer({ executable: "/opt/pixi", waitLimit: "1 minute" }).pipe(
  Layer.provide(NodeContext.layer)
)
