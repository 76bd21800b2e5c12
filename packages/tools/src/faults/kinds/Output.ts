/** Faults in what the manager prints or writes. */
import * as Effect from "effect/Effect"
import { anyPhase, anyStream, type Fault, operationFor, type Scene, switched } from "../Fault.js"
import type { Operation } from "../Operation.js"

const list = ({ environment: { path } }: Scene): Operation => ({ name: "list", path })

export const halfJson: Fault = {
  name: "half of the JSON",
  on: "stand-in",
  run: switched(() => ({ on: "list", fault: "half JSON" }), list)
}

export const gigabyte: Fault = {
  name: "1 GB of output",
  on: "stand-in",
  every: 4,
  run: switched(
    (scene) => ({ on: "list add update remove install", fault: "gigabyte", stream: anyStream(scene) }),
    (scene) => scene.random.chance(0.3) ? list(scene) : operationFor(scene, { init: false })
  )
}

export const invalidUtf8: Fault = {
  name: "invalid UTF-8",
  on: "stand-in",
  run: (scene) =>
    Effect.suspend(() => {
      const on = scene.random.pick(["list", "--version", "add init install remove update"])
      const run = switched(
        () => ({ on, fault: "invalid UTF-8", stream: anyStream(scene) }),
        on === "list" ? list : undefined
      )
      return run(scene)
    })
}

export const closedPipes: Fault = {
  name: "closed pipes",
  on: "stand-in",
  run: switched((scene) => ({ fault: "close pipes", at: anyPhase(scene) }))
}

export const halfLock: Fault = {
  name: "half a lock file, exit 1",
  on: "stand-in",
  run: switched(() => ({ fault: "half lock" }))
}

export const halfLockKilled: Fault = {
  name: "half a lock file, SIGKILL",
  on: "stand-in",
  run: switched(() => ({ fault: "half lock", at: "end", signal: "SIGKILL" }))
}

export const badLock: Fault = {
  name: "a broken lock file, exit 0",
  on: "stand-in",
  run: switched(() => ({ fault: "bad lock" }))
}
