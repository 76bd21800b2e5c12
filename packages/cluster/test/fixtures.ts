import { PackageManager } from "@darb/package-manager/PackageManager"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { join } from "node:path"
import * as Embedded from "../src/Embedded.js"
import { Jobs } from "../src/Jobs.js"
import { directory } from "./processes/Directory.js"

/** Repeats an effect until its result is as expected. */
export const until = <A, E>(effect: Effect.Effect<A, E>, is: (value: A) => boolean): Effect.Effect<A, E> =>
  Effect.flatMap(effect, (value) => is(value) ? Effect.succeed(value) : Effect.delay(until(effect, is), "20 millis"))

/** A manager whose changes are jobs of this process. */
export const embedded = Effect.fnUntraced(function*(
  local: PackageManager["Type"],
  environmentsRoot: string,
  filename?: string,
  options?: Partial<Embedded.EmbeddedOptions>
) {
  const file = filename ?? join(yield* directory, "jobs.db")
  const context = yield* Layer.build(
    Embedded.layer({ filename: file, environmentsRoot, ...options }).pipe(
      Layer.provide(Layer.succeed(PackageManager, local)),
      Layer.provide(NodeContext.layer)
    )
  )
  return { manager: Context.get(context, PackageManager), jobs: Context.get(context, Jobs), filename: file }
})
