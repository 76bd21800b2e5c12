/** Derives progress events from the output of a manager. */
import * as Effect from "effect/Effect"
import * as Output from "../Output.js"
import { emit } from "./Events.js"
import type { ExecutableDescription, Step } from "./ExecutableDescription.js"

/** Adds progress events to those of a process. `lock` is the text of the lock file, which knows the sizes of archives. */
export const withProgress = <Capabilities>(
  observe: Output.Observe,
  { isLogged, parse, sizes }: ExecutableDescription<Capabilities>["progress"],
  lock: Effect.Effect<string>
): Output.Observe => {
  let known: ReadonlyMap<string, number> | undefined
  const sizeOf = Effect.fnUntraced(function*({ archive, bytes }: Step) {
    if (bytes !== null || typeof archive !== "string" || sizes === undefined) return bytes
    known ??= yield* Effect.flatMap(lock, sizes)
    return known.get(archive) ?? null
  })
  const report = (step: Step) =>
    Effect.flatMap(
      sizeOf(step),
      (bytes) => emit((about) => new Output.Progress({ ...about, phase: step.phase, package: step.package, bytes }))
    ).pipe(Output.observe(observe))
  const at = (phase: Output.Phase) => report({ phase, package: null, bytes: null })
  return (event) => {
    if (event._tag === "Started") return Effect.zipRight(observe(event), at("solving"))
    if (event._tag === "Ended" && event.exitCode === 0) return Effect.zipRight(at("done"), observe(event))
    if (event._tag !== "Output" || event.stream !== "stderr") return observe(event)
    const step = parse(event.line)
    const progress = step === undefined ? Effect.void : report(step)
    return isLogged(event.line) ? progress : Effect.zipRight(observe(event), progress)
  }
}
