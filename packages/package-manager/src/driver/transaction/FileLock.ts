/**
 * Locks files with locks of the operating system, which end with the process that holds them.
 *
 * @module
 * @since 0.1.0
 */
import type { File } from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"

interface Locks {
  /** Whether the file is now locked. Never waits. */
  readonly tryLock: (descriptor: number) => boolean
}

/**
 * Imports the native addon. It may fail: then there are no locks of the operating system.
 *
 * @since 0.1.0
 * @category models
 */
export type Load = () => Promise<{ readonly default: Locks }>

/** Not a literal, so that bundlers leave the import alone: the addon has a native file, which they do not copy. */
const addon = ["fs-native", "extensions"].join("-")

/** Imported on first use, since there is no build for some platforms. */
const importAddon: Load = () => import(/* webpackIgnore: true */ /* @vite-ignore */ addon)

/**
 * Locks an open file until it is closed. `false` if another process has the lock; `undefined` if there is no lock, because the
 * addon cannot be loaded or the file system has none. The next attempt tries again, since the cause may pass.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeTryLock = (load: Load = importAddon) => {
  let loaded: Locks | undefined
  return Effect.fnUntraced(
    function*({ fd }: File) {
      // On Bun, the addon aborts the process if another one has the lock.
      if ("Bun" in globalThis) return undefined
      const locks = loaded ??= (yield* Effect.tryPromise(load)).default
      return yield* Effect.try(() => locks.tryLock(fd))
    },
    Effect.catchAll((error) => Effect.as(Effect.logDebug("No lock of the operating system", error), undefined))
  )
}
