import { PackageManager } from "@darb/package-manager"
import { UvLive } from "@darb/uv"
import { NodeContext } from "@effect/platform-node"
import { Effect, Layer } from "effect"

/** Creates a project with a dependency group. */
export const createProject = Effect.gen(function*() {
  const packageManager = yield* PackageManager
  const path = "./service"
  yield* packageManager.init({ path, python: ">=3.11" })
  yield* packageManager.install({ path, packages: ["httpx>=0.27"] })
  yield* packageManager.install({ path, packages: ["pytest"], group: "test" })
  return yield* packageManager.list({ path })
})

/** The `uv` on PATH. */
export const UvOnNode = UvLive.pipe(Layer.provide(NodeContext.layer))
