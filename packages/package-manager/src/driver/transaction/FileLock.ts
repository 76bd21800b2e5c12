/** Locks files with locks of the operating system, which end with the process that holds them. */
import type { File } from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"

interface Locks {
  /** Whether the file is now locked. Never waits. */
  readonly tryLock: (descriptor: number) => boolean
}

/** Imported on first use, since there is no build for some platforms. */
const load: Effect.Effect<Locks | undefined> = Effect.tryPromise(
  (): Promise<{ readonly default: Locks }> => import("fs-native-extensions")
).pipe(
  Effect.map((module) => module.default),
  Effect.catchAll((error) =>
    Effect.as(
      Effect.logWarning(
        "This platform has no locks between processes: do not change one environment from two processes at a time",
        error
      ),
      undefined
    )
  )
)

/** Locks an open file until it is closed. Returns whether that succeeded; always `true` on a platform without locks. */
export const makeTryLock = Effect.map(
  Effect.cached(load),
  (loaded) => (file: File): Effect.Effect<boolean> =>
    Effect.flatMap(loaded, (locks) => Effect.sync(() => locks?.tryLock(file.fd) ?? true))
)
