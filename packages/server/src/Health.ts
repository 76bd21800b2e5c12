/** Health, for a supervisor or a load balancer. */
import { Jobs } from "@darb/cluster/Jobs"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { Api } from "./Api.js"

const answers = (check: Effect.Effect<unknown, unknown>) =>
  Effect.isSuccess(Effect.timeout(Effect.withTracerEnabled(check, false), "5 seconds"))

export const layer = HttpApiBuilder.group(Api, "health", (handlers) =>
  Effect.gen(function*() {
    const { counts } = yield* Jobs
    const { version } = yield* PackageManager
    // Whoever asks often starts no process each time.
    const ready = yield* Effect.cachedWithTTL(
      Effect.all({ database: answers(counts), manager: answers(version) }, { concurrency: 2 }),
      "5 seconds"
    )
    return handlers
      .handle("live", () => Effect.succeed({ live: true } as const))
      .handle(
        "ready",
        () => Effect.filterOrFail(ready, ({ database, manager }) => database && manager, (state) => state)
      )
  }))
