/** Faults in what surrounds the manager: the disk, the executable, the directory, the clock, another program. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../Environment.js"
import { type Fault, isWork, moment, operationFor, perform, type Scene, slowDown } from "../Fault.js"
import * as OtherProgram from "../OtherProgram.js"
import type { Random } from "../Random.js"
import * as Tmpfs from "../Tmpfs.js"

/** A copy of the environment on a small file system. */
const onTmpfs = ({ environment, random }: Scene) => {
  const tmpfs = Tmpfs.mount(join(environment.directory, "mount"), environment.isReal ? 32 * 2 ** 20 : 2 ** 20)
  const path = join(tmpfs.directory, "env")
  mkdirSync(path)
  for (const name of filesOf(environment.path).keys()) {
    if (name !== ".") copyFileSync(join(environment.path, name), join(path, name))
  }
  return { tmpfs, operation: operationFor({ environment, random }, { path }) }
}

export const fullDisk: Fault = {
  name: "the disk is full",
  on: "any",
  needs: "tmpfs",
  run: Effect.fnUntraced(function*(scene) {
    const { operation, tmpfs } = onTmpfs(scene)
    const before = filesOf(operation.path)
    tmpfs.fill(scene.random.pick([0, 4, 8, 12, 16, 20, 24, 32, 64, 256]) * 1024)
    const outcome = yield* perform(scene, operation)
    return { operation, outcome, before, mend: tmpfs.free, cleanup: tmpfs.unmount }
  })
}

export const readOnlyDisk: Fault = {
  name: "the disk is read-only",
  on: "any",
  needs: "tmpfs",
  run: Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const { operation, tmpfs } = onTmpfs(scene)
    const before = filesOf(operation.path)
    const atOnce = random.chance(0.5)
    if (atOnce) tmpfs.remount(true)
    slowDown(scene)
    const running = yield* environment.start(operation)
    yield* running.sees(isWork)
    yield* moment(scene)
    if (!atOnce) tmpfs.remount(true)
    const outcome = yield* environment.end(running)
    // What was already written cannot be rolled back before the disk is writable again.
    const mend = () => void tmpfs.remount(false)
    return { operation, outcome, before, mend, later: !atOnce, cleanup: tmpfs.unmount }
  })
}

export const twoPrograms: Fault = {
  name: "two programs at once",
  on: "any",
  run: Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const present = environment.dependencies()
    const [first = "greet", second = "greet"] = random.shuffled(
      environment.driver.available.filter((name) => !present.includes(name))
    )
    const operation = environment.install(first)
    const before = filesOf(operation.path)
    slowDown(scene)
    const program = OtherProgram.start(environment, environment.install(second))
    yield* Effect.sleep(random.below(800))
    const running = yield* environment.start(operation)
    const both = [environment.end(running), program.within(environment.limit)] as const
    const [outcome, other] = yield* Effect.all(both, { concurrency: 2 })
    const has = [
      ...present,
      ...(outcome.kind === "succeeded" ? [first] : []),
      ...(other.kind === "succeeded" ? [second] : [])
    ]
    const worst = [outcome, other].find(({ kind }) => kind === "defect" || kind === "hung")
    return { operation, outcome: worst ?? outcome, before, has }
  })
}

export const movedDirectory: Fault = {
  name: "the directory is moved away",
  on: "any",
  run: Effect.fnUntraced(function*(scene) {
    const { environment } = scene
    const operation = operationFor(scene, { init: false })
    const before = filesOf(operation.path)
    slowDown(scene)
    const running = yield* environment.start(operation)
    if (yield* running.sees(isWork)) yield* moment(scene)
    const moved = `${operation.path}-moved`
    renameSync(operation.path, moved)
    const outcome = yield* environment.end(running)
    const mend = () => {
      rmSync(operation.path, { recursive: true, force: true })
      renameSync(moved, operation.path)
    }
    return { operation, outcome, before, mend, later: outcome.kind !== "succeeded" }
  })
}

/** The executable is replaced before the operation, and put back after it. */
const executable = (replace: (scene: Scene) => void): Fault["run"] =>
  Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const operation = operationFor(scene)
    const before = filesOf(operation.path)
    if (random.chance(0.5)) environment.manager = yield* environment.newManager
    rmSync(environment.executable)
    replace(scene)
    const outcome = yield* perform(scene, operation)
    return { operation, outcome, before, mend: () => environment.putExecutable() }
  })

export const missingExecutable: Fault = { name: "the executable vanishes", on: "any", run: executable(() => {}) }

export const garbageExecutable: Fault = {
  name: "the executable is garbage",
  on: "any",
  run: executable(({ environment: { executable }, random }) => {
    const kinds = ["bytes", "empty", "directory", "mode", "interpreter", "text", "truncated"] as const
    const garbage = random.pick(kinds)
    if (garbage === "directory") return mkdirSync(executable)
    // No ASCII: what the kernel does not know, a shell runs.
    const noise = (length: number) => Buffer.from(random.bytes(length).map((byte) => byte | 0x80))
    const contents = {
      bytes: noise(500),
      empty: "",
      interpreter: "#!/nonexistent/interpreter\n",
      mode: "#!/bin/sh\nexit 0\n",
      text: "#!/bin/sh\necho something else entirely; exit 3\n",
      truncated: Buffer.concat([Buffer.from("\u007fELF"), noise(random.between(4, 4096))])
    }
    writeFileSync(executable, contents[garbage])
    chmodSync(executable, garbage === "mode" ? 0o644 : 0o755)
  })
}

const jumpingClock = (random: Random): Clock.Clock => {
  const clock = Clock.make()
  let offset = 0
  const now = () => {
    if (random.chance(0.5)) offset += random.between(-100_000_000_000, 10_000_000_000)
    return clock.unsafeCurrentTimeMillis() + offset
  }
  const nanos = () => BigInt(now()) * 1_000_000n
  return Object.assign(Object.create(clock), {
    unsafeCurrentTimeMillis: now,
    unsafeCurrentTimeNanos: nanos,
    currentTimeMillis: Effect.sync(now),
    currentTimeNanos: Effect.sync(nanos)
  })
}

export const jumpingTime: Fault = {
  name: "the clock jumps",
  on: "any",
  run: Effect.fnUntraced(function*(scene) {
    const { environment, random } = scene
    const operation = operationFor(scene)
    const before = filesOf(operation.path)
    slowDown(scene)
    const running = yield* environment.start(operation, { clock: jumpingClock(random) })
    if (random.chance(0.3)) {
      yield* moment(scene)
      yield* running.interrupt
    }
    return { operation, outcome: yield* environment.end(running), before }
  })
}
