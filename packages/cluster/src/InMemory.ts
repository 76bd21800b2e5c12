/**
 * Jobs in memory, for tests of applications: they do not outlive the test, and need neither files nor real time.
 *
 * @module
 * @since 0.1.0
 */
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as TestRunner from "@effect/cluster/TestRunner"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Jobs } from "./Jobs.js"
import * as Services from "./Services.js"
import * as MemoryJobStore from "./store/MemoryJobStore.js"
import * as Worker from "./worker/Worker.js"

/**
 * Where environments are.
 *
 * @since 0.1.0
 * @category options
 */
export interface InMemoryOptions {
  /** The directory that contains all environments, which a relative path starts at. */
  readonly environmentsRoot: string
}

/**
 * Makes the changes of a package manager jobs in memory.
 *
 * ```ts
 * InMemory.layer({ environmentsRoot: "/environments" }).pipe(Layer.provide(layerMemory()))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: InMemoryOptions): Layer.Layer<PackageManager | Jobs, never, PackageManager> => {
  const services = Layer.effectContext(Effect.gen(function*() {
    const manager = yield* PackageManager
    return yield* Services.make(manager, options, () => Effect.succeed(manager))
  }))
  return services.pipe(
    Layer.provide(Layer.provideMerge(
      Worker.layer({ ...options, records: undefined }),
      Layer.merge(TestRunner.layer, MemoryJobStore.layer)
    )),
    Layer.provide([FileSystem.layerNoop({}), Path.layer])
  )
}
