/** Faults in which a process is killed, or stays when it should end. */
import * as Effect from "effect/Effect"
import { filesOf } from "../Environment.js"
import { anyPhase, type Fault, isWork, moment, operationFor, perform, slowDown, switched } from "../Fault.js"
import * as OtherProgram from "../OtherProgram.js"
import { killQuietly } from "../Processes.js"

export const manager: Fault = {
  name: "the manager is killed",
  on: "any",
  run: Effect.fnUntraced(function*(scene) {
    const { environment } = scene
    const operation = operationFor(scene)
    const before = filesOf(operation.path)
    slowDown(scene)
    let pid: number | undefined
    const running = yield* environment.start(operation, {
      onEvent: (event) =>
        Effect.sync(() => {
          if (event._tag === "Started") pid = event.pid
          if (event._tag === "Ended") pid = undefined
        })
    })
    yield* running.sees(isWork)
    yield* moment(scene)
    if (pid !== undefined) killQuietly(pid)
    return { operation, outcome: yield* environment.end(running), before }
  })
}

export const child: Fault = {
  name: "a child of it is killed",
  on: "stand-in",
  run: Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const operation = operationFor(scene)
    const before = filesOf(operation.path)
    environment.switchTo({ fault: "child", at: anyPhase(scene) })
    const outcome = yield* perform(scene, operation, {
      onEvent: (event) => {
        const [, pid] = event._tag === "Output" ? /^child (\d+)$/.exec(event.line) ?? [] : []
        if (pid === undefined) return Effect.void
        const kill = Effect.sync(() => killQuietly(Number(pid)))
        return Effect.forkDaemon(Effect.delay(kill, random.below(50)))
      }
    })
    return { operation, outcome, before }
  })
}

export const orphan: Fault = {
  name: "a child of it stays",
  on: "stand-in",
  run: switched((scene) => ({ fault: "orphan", at: anyPhase(scene), pipe: scene.random.chance(0.5) }))
}

/** Another program is killed, and perhaps a second one that recovers from the first. */
const programKilled = (group: boolean): Fault["run"] =>
  Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const operation = operationFor(scene)
    const before = filesOf(operation.path)
    slowDown(scene)
    const program = OtherProgram.start(environment, operation)
    const processes = random.pick([0, 1, 2, 2, 2, 3])
    yield* Effect.timeoutOption(program.hasStarted(processes), 10_000)
    yield* processes === 0 ? Effect.sleep(random.below(1200)) : moment(scene)
    yield* program.kill(group)
    const outcome = yield* program.within(20_000)
    if (outcome.kind === "killed" && random.chance(0.3)) {
      const second = OtherProgram.start(environment, { name: "install", path: environment.path })
      yield* Effect.sleep(random.below(1200))
      yield* second.kill(group)
      yield* second.within(20_000)
    }
    return { operation, outcome, before, later: outcome.kind === "killed" }
  })

export const program: Fault = { name: "the program is killed", on: "any", run: programKilled(false) }

export const processGroup: Fault = { name: "its process group is killed", on: "any", run: programKilled(true) }

export const bySignal: Fault = {
  name: "it ends by a signal",
  on: "stand-in",
  run: switched((scene) => ({
    fault: "signal",
    at: anyPhase(scene),
    signal: scene.random.pick(["SIGSEGV", "SIGABRT", "SIGTERM", "SIGHUP", "SIGBUS", "SIGKILL"] as const)
  }))
}
