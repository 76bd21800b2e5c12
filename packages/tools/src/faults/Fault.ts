/** What a fault is, and what the faults have in common. */
import type { Requirements } from "@darb/pixi/Pixi"
import * as Effect from "effect/Effect"
import { type Environment, filesOf } from "./Environment.js"
import type { Operation } from "./Operation.js"
import type { Random } from "./Random.js"
import type { Outcome, Running, StartOptions } from "./Run.js"
import type { Switch } from "./standIn/Switch.js"

export interface Scene {
  readonly random: Random
  readonly environment: Environment
}

/** What came of a fault. */
export interface Happened {
  readonly operation: Operation
  readonly outcome: Outcome
  /** The files before the operation began. */
  readonly before: ReadonlyMap<string, string>
  /** Ends what would make the next operation fail, too. */
  readonly mend?: (() => void) | undefined
  /** Only the next operation can roll back. */
  readonly later?: boolean | undefined
  /** The names that the manifest must have now, whatever the outcome. */
  readonly has?: ReadonlyArray<string> | undefined
  /** After a success, only pixi or uv knows whether the files are valid. */
  readonly odd?: boolean | undefined
  readonly cleanup?: (() => void) | undefined
}

export interface Fault {
  readonly name: string
  readonly on: "any" | "stand-in"
  readonly needs?: "tmpfs" | undefined
  /** In how many rounds of all faults it comes once; 1 by default. */
  readonly every?: number | undefined
  readonly run: (scene: Scene) => Effect.Effect<Happened, never, Requirements>
}

export interface Wanted {
  /** Whether it may be `init`; `true` by default. */
  readonly init?: boolean | undefined
  /** Whether it must install something; `false` by default. */
  readonly installs?: boolean | undefined
  readonly path?: string | undefined
}

/** A random operation that succeeds in the environment. */
export const operationFor = (
  { environment, random }: Scene,
  { init = true, installs = false, path = environment.path }: Wanted = {}
): Operation => {
  const { available, specs } = environment.driver
  const present = environment.dependencies().filter((name) => available.includes(name))
  const absent = specs.filter((spec) => !present.includes(spec.replace(/==.*/, "")))
  const install = (): Operation => ({ name: "install", path, packages: [random.pick(absent)] })
  const remove = (): Operation => ({ name: "remove", path, packages: [random.pick(present)] })
  if (init && random.chance(0.15)) return environment.initOf(`${path}-new`)
  if (absent.length === 0) return remove()
  if (installs || (present.length < 3 && random.chance(0.6))) return install()
  if (present.length > 0 && random.chance(0.6)) return remove()
  return random.chance(0.3) ? { name: "update", path } : install()
}

/** Whether the manager began to work: asking for its version is no work. */
export const isWork: Parameters<Running["sees"]>[0] = (event) =>
  event._tag === "Started" && event.purpose === "operation"

/** Makes the next operation take some time. */
export const slowDown = ({ environment, random }: Scene): void => {
  if (!environment.isReal) return environment.switchTo({ pace: random.between(0, 50) })
  if (random.chance(0.5)) environment.forget()
  const { archive, index } = environment.driver.paths
  environment.shared.channel.answer(environment.name, random.pick([{}, { slow: archive }, { slow: index }]))
}

/** Sleeps until some moment of an operation that was slowed down. */
export const moment = ({ environment, random }: Scene): Effect.Effect<void> =>
  Effect.sleep(random.below(environment.isReal ? 500 : 300))

/** Performs an operation to its end. */
export const perform = Effect.fnUntraced(function*(
  { environment }: Scene,
  operation: Operation,
  options?: Omit<StartOptions, "manager" | "operation">
) {
  return yield* environment.end(yield* environment.start(operation, options))
})

/** A fault in which the stand-in misbehaves by itself. */
export const switched = (
  switchOf: (scene: Scene) => Switch,
  choose: (scene: Scene) => Operation = (scene) => operationFor(scene)
): Fault["run"] =>
  Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const change = switchOf(scene)
    const operation = choose(scene)
    const before = filesOf(operation.path)
    environment.switchTo(change)
    // A manager asks for the version once.
    if (change.on === "--version") environment.manager = undefined
    const unobserved = change.fault === "gigabyte" && random.chance(0.7)
    return { operation, outcome: yield* perform(scene, operation, { unobserved }), before }
  })

export const anyPhase = ({ random }: Scene) => random.pick(["solve", "download", "link", "end"] as const)

export const anyStream = ({ random }: Scene) => random.pick(["stdout", "stderr"] as const)
