/**
 * Tells whether a process group has ended.
 *
 * @module
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"

/** The part of Node's globals that is needed here. */
const { process } = globalThis as unknown as {
  readonly process: { readonly platform: string; readonly kill: (pid: number, signal: 0) => true }
}

/**
 * Whether no process of a group is left. It takes a tenth of the time of a signal that fails. `false` on Windows, which has no
 * groups.
 *
 * @since 0.1.0
 * @category predicates
 */
export const hasEnded = (pid: number): boolean => {
  if (process.platform === "win32") return false
  try {
    process.kill(-pid, 0)
    return false
  } catch (error) {
    return Predicate.hasProperty(error, "code") && error.code === "ESRCH"
  }
}
