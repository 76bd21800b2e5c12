/** Makes progress of what a manager says. */
import * as Effect from "effect/Effect"
import * as Output from "../Output.js"
import type { ExecutableDescription, Step } from "./ExecutableDescription.js"

/** Turns what is said into progress, and tells where it begins and ends. */
export const withProgress = <Known>(
  observe: Output.Observe,
  { isLogged, parse, sizes }: ExecutableDescription<Known>["progress"],
  lock: Effect.Effect<string>
): Output.Observe => {
  let known: ReadonlyMap<string, number> | undefined
  const sizeOf = Effect.fnUntraced(function*({ archive, bytes }: Step) {
    if (bytes !== null || typeof archive !== "string" || sizes === undefined) return bytes
    known ??= yield* Effect.flatMap(lock, sizes)
    return known.get(archive) ?? null
  })
  const tell = (step: Step) =>
    Effect.flatMap(
      sizeOf(step),
      (bytes) => observe(new Output.Progress({ phase: step.phase, package: step.package, bytes }))
    )
  const at = (phase: Output.Phase) => tell({ phase, package: null, bytes: null })
  return (event) => {
    if (event._tag === "Started") return Effect.zipRight(observe(event), at("solving"))
    if (event._tag === "Ended" && event.exitCode === 0) return Effect.zipRight(at("done"), observe(event))
    if (event._tag !== "Output" || event.stream !== "stderr") return observe(event)
    const step = parse(event.line)
    const told = step === undefined ? Effect.void : tell(step)
    return isLogged(event.line) ? told : Effect.zipRight(observe(event), told)
  }
}
