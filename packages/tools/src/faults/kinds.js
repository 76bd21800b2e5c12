// @ts-check
/** What is done to operations. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { filesOf } from "./environment.js"
import { killQuietly } from "./processes.js"
import { startProgram } from "./programs.js"
import { sleep, soon, start, within } from "./run.js"
import { mountTmpfs } from "./tmpfs.js"

/** @typedef {import("./environment.js").Environment} Environment */
/** @typedef {import("./operations.js").Operation} Operation */
/** @typedef {import("./run.js").Outcome} Outcome */
/** @typedef {import("@darb/package-manager/Output").Event} Event */

/**
 * What came of it.
 *
 * @typedef {object} Happened
 * @property {Operation} operation
 * @property {Outcome} outcome
 * @property {ReadonlyMap<string, string>} before the files as they were when it began
 * @property {() => void} [mend] takes away what would let the next operation fail, too
 * @property {boolean} [later] what was left is undone by the next operation only
 * @property {ReadonlyArray<string>} [has] what the manifest must have by now, whatever the outcome
 * @property {boolean} [odd] a success leaves what only pixi can judge
 * @property {() => void} [cleanup]
 */

/**
 * @typedef {object} Scene
 * @property {import("./random.js").Random} random
 * @property {Environment} environment
 */

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {"any" | "stand-in"} on
 * @property {"tmpfs"} [needs]
 * @property {number} [every] in how many rounds of all kinds it comes once; 1 by default
 * @property {(scene: Scene) => Promise<Happened>} run
 */

/**
 * An operation that the environment can do.
 *
 * @param {Scene} scene
 * @param {{ init?: boolean, installs?: boolean, path?: string }} [options]
 * @returns {Operation}
 */
const operationFor = ({ environment, random }, { init = true, installs = false, path = environment.path } = {}) => {
  const { available, specs } = environment.kind
  const present = environment.dependencies().filter((name) => available.includes(name))
  const absent = specs.filter((spec) => !present.includes(spec.replace(/==.*/, "")))
  const install = () => ({ name: /** @type {const} */ ("install"), path, packages: [random.pick(absent)] })
  const remove = () => ({ name: /** @type {const} */ ("remove"), path, packages: [random.pick(present)] })
  if (init && random.chance(0.15)) return environment.initOf(`${path}-new`)
  if (absent.length === 0) return remove()
  if (installs || (present.length < 3 && random.chance(0.6))) return install()
  if (present.length > 0 && random.chance(0.6)) return remove()
  return random.chance(0.3) ? { name: "update", path } : install()
}

/** @param {Event} event */
const isWork = (event) => event._tag === "Started" && event.command[1] !== "--version"

/**
 * Makes the operation take some time.
 *
 * @param {Scene} scene
 */
const slowDown = ({ environment, random }) => {
  if (!environment.isReal) return environment.switchTo({ pace: random.between(0, 50) })
  if (random.chance(0.5)) environment.forget()
  environment.shared.channel.answer(
    environment.name,
    random.pick([
      {},
      { slow: environment.kind.paths.archive },
      { slow: environment.kind.paths.index }
    ])
  )
}

/**
 * A moment of an operation that takes some time.
 *
 * @param {Scene} scene
 */
const moment = ({ environment, random }) => sleep(random.below(environment.isReal ? 500 : 300))

/**
 * @param {Scene} scene
 * @param {Operation} operation
 * @param {Omit<import("./run.js").StartOptions, "runtime" | "manager" | "operation">} [options]
 */
const begin = async ({ environment }, operation, options = {}) =>
  start({ runtime: environment.shared.runtime, manager: await environment.currentManager(), operation, ...options })

/**
 * The operation ends by itself, or at the limit of the step.
 *
 * @param {Scene} scene
 * @param {import("./run.js").Running} running
 */
const end = ({ environment }, running) => within(environment.stepLimit, running)

/**
 * The stand-in does what the switch says.
 *
 * @param {(scene: Scene) => import("./standIn.js").Switch} switchOf
 * @param {(scene: Scene) => Operation} [choose]
 * @returns {Kind["run"]}
 */
const switched = (switchOf, choose = (scene) => operationFor(scene)) => async (scene) => {
  const change = switchOf(scene)
  const operation = choose(scene)
  const before = filesOf(operation.path)
  scene.environment.switchTo(change)
  // The version is asked once.
  if (change.on === "--version") scene.environment.manager = undefined
  const unobserved = change.fault === "gigabyte" && scene.random.chance(0.7)
  const outcome = await end(scene, await begin(scene, operation, { unobserved }))
  return { operation, outcome, before }
}

/** @param {Scene} scene */
const anyPhase = ({ random }) => random.pick(/** @type {const} */ (["solve", "download", "link", "end"]))

/** @param {Scene} scene */
const anyStream = ({ random }) => random.pick(/** @type {const} */ (["stdout", "stderr"]))

/**
 * Interrupts in a phase, which the stand-in does not leave, and a real pixi if the channel stalls.
 *
 * @param {"solve" | "download" | "link"} at
 * @param {"index" | "archive"} [what] what stalls
 * @returns {Kind["run"]}
 */
const interruptedIn = (at, what) => async (scene) => {
  const { environment, random } = scene
  const stall = what && environment.kind.paths[what]
  const operation = operationFor(scene, { init: false, installs: at === "download" })
  const before = filesOf(operation.path)
  const stalled = /** @type {Promise<void>} */ (new Promise((resolve) => {
    if (!environment.isReal) return environment.switchTo({ fault: "hang", at })
    if (stall === undefined) return slowDown(scene)
    environment.forget()
    environment.shared.channel.answer(environment.name, { stall, onStall: resolve })
  }))
  const running = await begin(scene, operation)
  await running.sees(isWork)
  if (environment.isReal && stall !== undefined) await soon(Promise.race([stalled, running.outcome]), 5000)
  await moment(scene)
  if (!environment.isReal && random.chance(0.5)) await sleep(100)
  running.interrupt()
  return { operation, outcome: await end(scene, running), before }
}

/**
 * Another program is killed, and perhaps one more that was undoing what the first one has left.
 *
 * @param {boolean} group
 * @returns {Kind["run"]}
 */
const programKilled = (group) => async (scene) => {
  const { environment, random } = scene
  const operation = operationFor(scene)
  const before = filesOf(operation.path)
  slowDown(scene)
  const program = startProgram(environment, operation)
  const processes = random.pick([0, 1, 2, 2, 2, 3])
  await soon(program.hasStarted(processes), 10_000)
  if (processes === 0) await sleep(random.below(1200))
  else await moment(scene)
  program.kill(group)
  const outcome = await program.within(20_000)
  if (outcome.kind === "killed" && random.chance(0.3)) {
    const second = startProgram(environment, { name: "install", path: environment.path })
    await sleep(random.below(1200))
    second.kill(group)
    await second.within(20_000)
  }
  return { operation, outcome, before, later: outcome.kind === "killed" }
}

/**
 * @param {import("./random.js").Random} random
 * @param {Buffer} bytes
 */
const corrupted = (random, bytes) => {
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

/**
 * @param {"manifest" | "lock"} which
 * @returns {Kind["run"]}
 */
const fileCorrupted = (which) => async (scene) => {
  const { environment, random } = scene
  const operation = random.chance(0.2)
    ? { name: random.pick(/** @type {const} */ (["list", "getManifest"])), path: environment.path }
    : operationFor(scene, { init: false })
  const file = join(environment.path, environment.kind[which])
  const good = readFileSync(file)
  writeFileSync(file, corrupted(random, good))
  const before = filesOf(environment.path)
  const outcome = await end(scene, await begin(scene, operation))
  return { operation, outcome, before, odd: true, mend: () => writeFileSync(file, good) }
}

/**
 * The environment on a small file system.
 *
 * @param {Scene} scene
 */
const onTmpfs = ({ environment, random }) => {
  const tmpfs = mountTmpfs(join(environment.directory, "mount"), environment.isReal ? 32 * 2 ** 20 : 2 ** 20)
  const path = join(tmpfs.directory, "env")
  mkdirSync(path)
  for (const name of filesOf(environment.path).keys()) {
    if (name !== ".") copyFileSync(join(environment.path, name), join(path, name))
  }
  return { tmpfs, operation: operationFor({ environment, random }, { path }) }
}

/** @param {import("./random.js").Random} random */
const jumpingClock = (random) => {
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

/** @type {ReadonlyArray<Kind>} */
export const kinds = [
  {
    name: "the manager is killed",
    on: "any",
    run: async (scene) => {
      const operation = operationFor(scene)
      const before = filesOf(operation.path)
      slowDown(scene)
      /** @type {number | undefined} */
      let pid
      const running = await begin(scene, operation, {
        onEvent: (event) => {
          if (event._tag === "Started") pid = event.pid
          if (event._tag === "Ended") pid = undefined
        }
      })
      await running.sees(isWork)
      await moment(scene)
      if (pid !== undefined) killQuietly(pid)
      return { operation, outcome: await end(scene, running), before }
    }
  },
  {
    name: "a child of it is killed",
    on: "stand-in",
    run: async (scene) => {
      const operation = operationFor(scene)
      const before = filesOf(operation.path)
      scene.environment.switchTo({ fault: "child", at: anyPhase(scene) })
      const running = await begin(scene, operation, {
        onEvent: (event) => {
          const [, pid] = event._tag === "Output" ? /^child (\d+)$/.exec(event.line) ?? [] : []
          if (pid !== undefined) setTimeout(() => killQuietly(Number(pid)), scene.random.below(50))
        }
      })
      return { operation, outcome: await end(scene, running), before }
    }
  },
  {
    name: "a child of it stays",
    on: "stand-in",
    run: switched((scene) => ({ fault: "stray", at: anyPhase(scene), pipe: scene.random.chance(0.5) }))
  },
  { name: "the program is killed", on: "any", run: programKilled(false) },
  { name: "its process group is killed", on: "any", run: programKilled(true) },
  {
    name: "interrupted before it starts",
    on: "any",
    run: async (scene) => {
      const operation = operationFor(scene)
      const before = filesOf(operation.path)
      const running = await begin(scene, operation)
      if (scene.random.chance(0.7)) await sleep(scene.random.below(8))
      running.interrupt()
      return { operation, outcome: await end(scene, running), before }
    }
  },
  {
    name: "interrupted while it waits",
    on: "any",
    run: async (scene) => {
      const { environment, random } = scene
      const operation = operationFor(scene, { init: false })
      const before = filesOf(operation.path)
      environment.switchTo({ fault: "hang", at: "download" })
      environment.forget()
      environment.shared.channel.answer(environment.name, { stall: /./ })
      const holder = await begin(
        scene,
        environment.install(...environment.kind.slow)
      )
      await holder.sees(isWork)
      const manager = random.chance(0.5) ? await environment.newManager() : await environment.currentManager()
      const running = start({ runtime: environment.shared.runtime, manager, operation })
      await soon(running.sees(({ _tag }) => _tag === "Waiting"), 2000)
      await sleep(random.below(200))
      running.interrupt()
      const outcome = await end(scene, running)
      holder.interrupt()
      const { detail, kind } = await end(scene, holder)
      // Both packages may have been there.
      if (kind === "succeeded") return { operation, outcome, before: filesOf(operation.path) }
      if (kind === "defect" || kind === "hung") return { operation, outcome: { kind, detail }, before }
      return { operation, outcome, before }
    }
  },
  { name: "interrupted while it solves", on: "any", run: interruptedIn("solve", "index") },
  { name: "interrupted while it downloads", on: "any", run: interruptedIn("download", "archive") },
  { name: "interrupted while it links", on: "any", run: interruptedIn("link") },
  {
    name: "interrupted while it is undone",
    on: "any",
    run: async (scene) => {
      const { environment, random } = scene
      const operation = environment.isReal
        ? environment.install(random.pick(environment.kind.impossible))
        : operationFor(scene, { init: false })
      const before = filesOf(operation.path)
      environment.switchTo({ fault: "half lock" })
      const when = random.pick(["Ended", "Ended", "Restored"])
      const delay = random.below(6)
      const running = await begin(scene, operation, {
        onEvent: ({ _tag }) => {
          if (_tag !== when) return
          if (delay === 0) running.interrupt()
          else setTimeout(() => running.interrupt(), delay)
        }
      })
      return { operation, outcome: await end(scene, running), before }
    }
  },
  {
    name: "a tree that ignores TERM",
    on: "stand-in",
    run: async (scene) => {
      const { environment, random } = scene
      const operation = operationFor(scene)
      const before = filesOf(operation.path)
      environment.switchTo({ fault: "ignore TERM", at: anyPhase(scene) })
      const running = await begin(scene, operation)
      await running.sees(isWork)
      await sleep(100 + random.below(200))
      running.interrupt()
      return { operation, outcome: await end(scene, running), before }
    }
  },
  {
    name: "half of the JSON",
    on: "stand-in",
    run: switched(
      () => ({ on: "list", fault: "half JSON" }),
      ({ environment: { path } }) => ({ name: "list", path })
    )
  },
  {
    name: "1 GB of output",
    on: "stand-in",
    every: 4,
    run: switched((scene) => ({ on: "list add update remove install", fault: "gigabyte", stream: anyStream(scene) }), (
      scene
    ) =>
      scene.random.chance(0.3) ? { name: "list", path: scene.environment.path } : operationFor(scene, { init: false }))
  },
  {
    name: "invalid UTF-8",
    on: "stand-in",
    run: async (scene) => {
      const on = scene.random.pick(["list", "--version", "add init install remove update"])
      return switched(
        () => ({ on, fault: "invalid UTF-8", stream: anyStream(scene) }),
        on === "list" ? ({ environment: { path } }) => ({ name: "list", path }) : undefined
      )(scene)
    }
  },
  {
    name: "closed pipes",
    on: "stand-in",
    run: switched((scene) => ({ fault: "close pipes", at: anyPhase(scene) }))
  },
  { name: "half a lock file, exit 1", on: "stand-in", run: switched(() => ({ fault: "half lock" })) },
  {
    name: "half a lock file, SIGKILL",
    on: "stand-in",
    run: switched(() => ({ fault: "half lock", at: "end", signal: "SIGKILL" }))
  },
  { name: "a broken lock file, exit 0", on: "stand-in", run: switched(() => ({ fault: "bad lock" })) },
  {
    name: "it ends by a signal",
    on: "stand-in",
    run: switched((scene) => ({
      fault: "signal",
      at: anyPhase(scene),
      signal: scene.random.pick(/** @type {const} */ (["SIGSEGV", "SIGABRT", "SIGTERM", "SIGHUP", "SIGBUS", "SIGKILL"]))
    }))
  },
  {
    name: "the disk is full",
    on: "any",
    needs: "tmpfs",
    run: async (scene) => {
      const { operation, tmpfs } = onTmpfs(scene)
      const before = filesOf(operation.path)
      tmpfs.fill(scene.random.pick([0, 4, 8, 12, 16, 20, 24, 32, 64, 256]) * 1024)
      const outcome = await end(scene, await begin(scene, operation))
      return { operation, outcome, before, mend: tmpfs.free, cleanup: tmpfs.unmount }
    }
  },
  {
    name: "the disk is read-only",
    on: "any",
    needs: "tmpfs",
    run: async (scene) => {
      const { operation, tmpfs } = onTmpfs(scene)
      const before = filesOf(operation.path)
      const atOnce = scene.random.chance(0.5)
      if (atOnce) tmpfs.remount(true)
      slowDown(scene)
      const running = await begin(scene, operation)
      await running.sees(isWork)
      await moment(scene)
      if (!atOnce) tmpfs.remount(true)
      const outcome = await end(scene, running)
      // What was written before cannot be put back until it can be written.
      const mend = () => void tmpfs.remount(false)
      return { operation, outcome, before, mend, later: !atOnce, cleanup: tmpfs.unmount }
    }
  },
  {
    name: "two programs at once",
    on: "any",
    run: async (scene) => {
      const { environment, random } = scene
      const present = environment.dependencies()
      const [first = "greet", second = "greet"] = random.shuffled(
        environment.kind.available.filter((name) => !present.includes(name))
      )
      const operation = environment.install(first)
      const before = filesOf(operation.path)
      slowDown(scene)
      const program = startProgram(environment, environment.install(second))
      await sleep(random.below(800))
      const running = await begin(scene, operation)
      const [outcome, other] = await Promise.all([end(scene, running), program.within(environment.stepLimit)])
      const has = [
        ...present,
        ...(outcome.kind === "succeeded" ? [first] : []),
        ...(other.kind === "succeeded" ? [second] : [])
      ]
      const worst = [outcome, other].find(({ kind }) => kind === "defect" || kind === "hung")
      return { operation, outcome: worst ?? outcome, before, has }
    }
  },
  {
    name: "the directory is moved away",
    on: "any",
    run: async (scene) => {
      const operation = operationFor(scene, { init: false })
      const before = filesOf(operation.path)
      slowDown(scene)
      const running = await begin(scene, operation)
      if (await running.sees(isWork)) await moment(scene)
      const moved = `${operation.path}-moved`
      renameSync(operation.path, moved)
      const outcome = await end(scene, running)
      const mend = () => {
        rmSync(operation.path, { recursive: true, force: true })
        renameSync(moved, operation.path)
      }
      return { operation, outcome, before, mend, later: outcome.kind !== "succeeded" }
    }
  },
  {
    name: "the executable vanishes",
    on: "any",
    run: async (scene) => {
      const { environment, random } = scene
      const operation = operationFor(scene)
      const before = filesOf(operation.path)
      if (random.chance(0.5)) environment.manager = await environment.newManager()
      rmSync(environment.executable)
      const outcome = await end(scene, await begin(scene, operation))
      return { operation, outcome, before, mend: () => environment.putExecutable() }
    }
  },
  {
    name: "the executable is garbage",
    on: "any",
    run: async (scene) => {
      const { environment, random } = scene
      const { executable } = environment
      const operation = operationFor(scene)
      const before = filesOf(operation.path)
      if (random.chance(0.5)) environment.manager = await environment.newManager()
      rmSync(executable)
      const garbage = random.pick(
        /** @type {const} */ (["bytes", "empty", "directory", "mode", "interpreter", "text", "truncated"])
      )
      if (garbage === "directory") mkdirSync(executable)
      else {
        // No ASCII: what the kernel does not know, a shell runs.
        const noise = (/** @type {number} */ length) => Buffer.from(random.bytes(length).map((byte) => byte | 0x80))
        const contents = {
          bytes: noise(500),
          interpreter: "#!/nonexistent/interpreter\n",
          mode: "#!/bin/sh\nexit 0\n",
          text: "#!/bin/sh\necho something else entirely; exit 3\n",
          truncated: Buffer.concat([Buffer.from("\u007fELF"), noise(random.between(4, 4096))])
        }
        writeFileSync(executable, garbage === "empty" ? "" : contents[garbage])
        chmodSync(executable, garbage === "mode" ? 0o644 : 0o755)
      }
      const outcome = await end(scene, await begin(scene, operation))
      return { operation, outcome, before, mend: () => environment.putExecutable() }
    }
  },
  {
    name: "the clock jumps",
    on: "any",
    run: async (scene) => {
      const operation = operationFor(scene)
      const before = filesOf(operation.path)
      slowDown(scene)
      const running = await begin(scene, operation, { clock: jumpingClock(scene.random) })
      if (scene.random.chance(0.3)) {
        await moment(scene)
        running.interrupt()
      }
      return { operation, outcome: await end(scene, running), before }
    }
  },
  {
    name: "what a crash has left",
    on: "any",
    run: async (scene) => {
      const { environment, random } = scene
      const operation = operationFor(scene, { init: false })
      const before = filesOf(operation.path)
      const bytes = readFileSync(join(environment.path, environment.kind.lock))
      const leave = (/** @type {string} */ name, /** @type {string | Buffer} */ content) => {
        const file = join(environment.path, name)
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, content)
      }
      if (random.chance(0.5)) leave(".darb/lock", random.pick(["", "{\"operation\":", random.bytes(40)]))
      if (random.chance(0.5)) {
        leave(".darb/journal", random.pick(["", "{\"version\":1,", "{\"version\":99}", random.bytes(99)]))
      }
      if (random.chance(0.5)) leave(".darb/.darb-aB3xYz/journal", "{\"version\":1,\"op")
      if (random.chance(0.5)) leave(".darb-Zz09aQ/pixi.lock", bytes.subarray(0, random.below(bytes.length)))
      if (random.chance(0.5)) leave(".darb-qqqqqq/done/lock", "")
      if (random.chance(0.5)) leave(".darb/copy-0", bytes.subarray(0, random.below(bytes.length)))
      return { operation, outcome: await end(scene, await begin(scene, operation)), before }
    }
  },
  { name: "the manifest is corrupt", on: "any", run: fileCorrupted("manifest") },
  { name: "the lock file is corrupt", on: "any", run: fileCorrupted("lock") }
]
