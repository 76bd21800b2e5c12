/** Locks of the operating system on files: they end with the process that holds them, however it ends. */
import type { File } from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"

interface Locks {
  /** Whether the lock was had; never waits. */
  readonly tryLock: (descriptor: number) => boolean
}

/** Loaded when it is needed: where there is no build of it for the platform, the library works without. */
const load: Effect.Effect<Locks | undefined> = Effect.tryPromise(
  (): Promise<{ readonly default: Locks }> => import("fs-native-extensions")
).pipe(
  Effect.map((module) => module.default),
  Effect.catchAll((error) =>
    Effect.as(
      Effect.logWarning(
        "This platform has no locks between processes: do not change one environment by two programs",
        error
      ),
      undefined
    )
  )
)

/** Locks a file that is open, until it is closed. Answers whether it was had. */
export const makeTryLock = Effect.map(
  Effect.cached(load),
  (loaded) => (file: File): Effect.Effect<boolean> =>
    Effect.flatMap(loaded, (locks) => Effect.sync(() => locks?.tryLock(file.fd) ?? true))
)
