import { PackageManager, PackageManagerError } from "@darb/package-manager"
import { Effect, Schedule } from "effect"

/** Updates an environment, and retries while the class of the error says that this can help. */
export const refresh = (path: string) =>
  Effect.gen(function*() {
    const packageManager = yield* PackageManager
    const { changed } = yield* packageManager.update({ path })
    return changed.map(({ after, before, name }) => `${name} ${before.version} -> ${after.version}`)
  }).pipe(
    Effect.retry({ while: PackageManagerError.isRetryable, schedule: Schedule.exponential("1 second"), times: 3 }),
    Effect.timeout("10 minutes")
  )
