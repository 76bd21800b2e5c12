/** Faults in the files of the environment: state of a crash, a corrupt manifest, a corrupt lock file. */
import * as Effect from "effect/Effect"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { filesOf } from "../Environment.js"
import { type Fault, operationFor, perform } from "../Fault.js"
import type { Operation } from "../Operation.js"
import type { Random } from "../Random.js"

export const crashState: Fault = {
  name: "what a crash has left",
  on: "any",
  run: Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const operation = operationFor(scene, { init: false })
    const before = filesOf(operation.path)
    const bytes = readFileSync(join(environment.path, environment.driver.lock))
    const leave = (name: string, content: string | Uint8Array) => {
      const file = join(environment.path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
    if (random.chance(0.5)) leave(".darb/lock", random.pick(["", "{\"operation\":", random.bytes(40)]))
    const odd = random.chance(0.5)
    if (odd) {
      leave(".darb/journal", random.pick(["", "{\"version\":1,", "{\"version\":99}", random.bytes(99)]))
    }
    if (random.chance(0.5)) leave(".darb/.darb-aB3xYz/journal", "{\"version\":1,\"op")
    if (random.chance(0.5)) leave(".darb-Zz09aQ/pixi.lock", bytes.subarray(0, random.below(bytes.length)))
    if (random.chance(0.5)) leave(".darb-qqqqqq/done/lock", "")
    if (random.chance(0.5)) leave(".darb/copy-0", bytes.subarray(0, random.below(bytes.length)))
    // A journal that cannot be decoded has to be removed by hand.
    const mend = () => rmSync(join(environment.path, ".darb/journal"), { force: true })
    return { operation, outcome: yield* perform(scene, operation), before, ...odd && { odd, mend } }
  })
}

const corrupted = (random: Random, bytes: Buffer): Uint8Array => {
  const at = random.below(bytes.length)
  const changed = Buffer.from(bytes)
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      changed[at] = random.below(256)
      return changed
    case 2:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(8), bytes.subarray(at)])
    case 3:
      return random.bytes(200)
    case 4:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([0, 0, 0xff]), bytes.subarray(at)])
    default:
      return Buffer.concat([bytes, bytes])
  }
}

const corrupt = (which: "manifest" | "lock"): Fault["run"] =>
  Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const { path } = environment
    const operation: Operation = random.chance(0.2)
      ? { name: random.pick(["list", "getManifest"] as const), path }
      : operationFor(scene, { init: false })
    const file = join(path, environment.driver[which])
    const good = readFileSync(file)
    writeFileSync(file, corrupted(random, good))
    const before = filesOf(path)
    const outcome = yield* perform(scene, operation)
    return { operation, outcome, before, odd: true, mend: () => writeFileSync(file, good) }
  })

export const corruptManifest: Fault = { name: "the manifest is corrupt", on: "any", run: corrupt("manifest") }

export const corruptLock: Fault = { name: "the lock file is corrupt", on: "any", run: corrupt("lock") }
