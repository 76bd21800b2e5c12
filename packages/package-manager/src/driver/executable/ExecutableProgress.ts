/**
 * Derives progress events from the output of a manager.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Output from "../../Output.js"
import type { ExecutableDescription, Step } from "./ExecutableDescription.js"

/**
 * Adds progress events to those of a process. `lock` is the text of the lock file, which knows the sizes of archives.
 *
 * @since 0.1.0
 * @category operations
 */
export const withProgress = <Capabilities>(
  observe: Output.Observe,
  { installs, isLogged, parse, sizes }: ExecutableDescription<Capabilities>["progress"],
  lock: Effect.Effect<string>
): Output.Observe => {
  let known: ReadonlyMap<string, number> | undefined
  const sizeOf = Effect.fnUntraced(function*({ archive, bytes }: Step) {
    if (bytes !== null || typeof archive !== "string" || sizes === undefined) return bytes
    known ??= yield* Effect.flatMap(lock, sizes)
    return known.get(archive) ?? null
  })
  const report = ({ environment, id, operation }: Output.Identity, step: Step) =>
    Effect.flatMap(sizeOf(step), (bytes) => {
      const { complete = false, package: name, phase } = step
      return observe(new Output.Progress({ operation, environment, id, phase, package: name, bytes, complete }))
    })
  const at = (event: Output.Identity, phase: Output.Phase) => report(event, { phase, package: null, bytes: null })
  let isInstalling = true
  return (event) => {
    if (event._tag === "Started") {
      isInstalling = installs(event.command.slice(1))
      return Effect.zipRight(observe(event), at(event, "solving"))
    }
    if (event._tag === "Ended" && event.exitCode === 0) return Effect.zipRight(at(event, "done"), observe(event))
    if (event._tag !== "Output" || event.stream !== "stderr") return observe(event)
    const step = parse(event.line)
    const progress = step === undefined || !isInstalling ? Effect.void : report(event, step)
    return isLogged(event.line) ? progress : Effect.zipRight(observe(event), progress)
  }
}
