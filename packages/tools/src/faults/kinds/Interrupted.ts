/** Faults in which the operation is interrupted. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { filesOf } from "../Environment.js"
import { anyPhase, type Fault, type Happened, isWork, moment, operationFor, slowDown } from "../Fault.js"
import * as Run from "../Run.js"

export const beforeStart: Fault = {
  name: "interrupted before it starts",
  on: "any",
  run: Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const operation = operationFor(scene)
    const before = filesOf(operation.path)
    const running = yield* environment.start(operation)
    if (random.chance(0.7)) yield* Effect.sleep(random.below(8))
    yield* running.interrupt
    return { operation, outcome: yield* environment.end(running), before }
  })
}

export const whileWaiting: Fault = {
  name: "interrupted while it waits",
  on: "any",
  run: Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const operation = operationFor(scene, { init: false })
    const before = filesOf(operation.path)
    environment.switchTo({ fault: "hang", at: "download" })
    environment.forget()
    environment.shared.channel.answer(environment.name, { stall: /./ })
    const holder = yield* environment.start(environment.install(...environment.driver.slow))
    yield* holder.sees(isWork)
    const manager = yield* random.chance(0.5) ? environment.newManager : environment.currentManager
    const running = yield* Run.start({ manager, operation })
    yield* Effect.timeoutOption(running.sees(({ _tag }) => _tag === "Waiting"), 2000)
    yield* Effect.sleep(random.below(200))
    yield* running.interrupt
    const outcome = yield* environment.end(running)
    yield* holder.interrupt
    const { detail, kind } = yield* environment.end(holder)
    // The environment may have had both packages already.
    if (kind === "succeeded") return { operation, outcome, before: filesOf(operation.path) }
    const happened: Happened = kind === "defect" || kind === "hung"
      ? { operation, outcome: { kind, detail }, before }
      : { operation, outcome, before }
    return happened
  })
}

/** Interrupts in a phase: the stand-in does not leave it, and a real manager waits for the channel, which stalls. */
const during = (at: "solve" | "download" | "link", what?: "index" | "archive"): Fault["run"] =>
  Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const stall = what && environment.driver.paths[what]
    const operation = operationFor(scene, { init: false, installs: at === "download" })
    const before = filesOf(operation.path)
    const stalled = yield* Deferred.make<void>()
    if (!environment.isReal) environment.switchTo({ fault: "hang", at })
    else if (stall === undefined) slowDown(scene)
    else {
      environment.forget()
      const onStall = () => Deferred.unsafeDone(stalled, Effect.void)
      environment.shared.channel.answer(environment.name, { stall, onStall })
    }
    const running = yield* environment.start(operation)
    yield* running.sees(isWork)
    if (environment.isReal && stall !== undefined) {
      yield* Effect.timeoutOption(Effect.race(Deferred.await(stalled), running.outcome), 5000)
    }
    yield* moment(scene)
    if (!environment.isReal && random.chance(0.5)) yield* Effect.sleep(100)
    yield* running.interrupt
    return { operation, outcome: yield* environment.end(running), before }
  })

export const whileSolving: Fault = {
  name: "interrupted while it solves",
  on: "any",
  run: during("solve", "index")
}

export const whileDownloading: Fault = {
  name: "interrupted while it downloads",
  on: "any",
  run: during("download", "archive")
}

export const whileLinking: Fault = { name: "interrupted while it links", on: "any", run: during("link") }

export const whileRollingBack: Fault = {
  name: "interrupted while it is undone",
  on: "any",
  run: Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const operation = environment.isReal
      ? environment.install(random.pick(environment.driver.impossible))
      : operationFor(scene, { init: false })
    const before = filesOf(operation.path)
    environment.switchTo({ fault: "half lock" })
    const when = random.pick(["Ended", "Ended", "Restored"])
    const delay = random.below(6)
    const running: Run.Running = yield* environment.start(operation, {
      onEvent: ({ _tag }) =>
        _tag !== when
          ? Effect.void
          : delay === 0
          ? running.interrupt
          : Effect.forkDaemon(Effect.delay(running.interrupt, delay))
    })
    return { operation, outcome: yield* environment.end(running), before }
  })
}

export const ignoringTerm: Fault = {
  name: "a tree that ignores TERM",
  on: "stand-in",
  run: Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const operation = operationFor(scene)
    const before = filesOf(operation.path)
    environment.switchTo({ fault: "ignore TERM", at: anyPhase(scene) })
    const running = yield* environment.start(operation)
    yield* running.sees(isWork)
    yield* Effect.sleep(100 + random.below(200))
    yield* running.interrupt
    return { operation, outcome: yield* environment.end(running), before }
  })
}
