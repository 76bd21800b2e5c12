import { describeEach } from "@darb/laws/LiveSuite"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { JobId } from "../src/Job.js"
import * as Cluster from "./processes/Cluster.js"
import { directory } from "./processes/Directory.js"
import * as Kinds from "./processes/Kinds.js"
import * as Packages from "./processes/Packages.js"
import * as Processes from "./processes/Processes.js"
import { eventually } from "./processes/Started.js"
import * as Tmpfs from "./processes/Tmpfs.js"

/** Two runners with a real manager. */
const setting = Effect.fnUntraced(function*(bin: string, kind: Kinds.Kind) {
  const { executable, overlaps } = Processes.witnessed(yield* directory, kind.options.executable ?? "")
  const cluster = yield* Cluster.make({
    bin,
    runners: 2,
    names: [],
    manager: kind,
    driver: { name: kind.name, options: { ...kind.options, executable, limit: "5 minutes" } }
  })
  const { jobs, manager, runners } = cluster

  const submit = (path: string, name: string) =>
    jobs.submit({ operation: "install", options: { path, packages: [name] } }, { key: name })

  /** Kills the runner of a job when its executable is in some state, and leaves that running. */
  const killWhen = Effect.fnUntraced(function*(id: JobId, state: (process: Processes.OperationProcess) => boolean) {
    // That it has started is stored soon, but not at once.
    yield* Cluster.isKnown(cluster, id, ({ attempts }) => attempts === 1)
    let found: (typeof runners)[number] | undefined
    yield* eventually(() => {
      const parents = new Set(Processes.processesOf(kind.home).filter(state).map(({ parent }) => parent))
      found = runners.find(({ pid }) => parents.has(pid))
      return found !== undefined
    }, 60_000)
    yield* found?.end("SIGKILL") ?? Effect.dieMessage("there is no such runner")
  })

  /** A job was started again, ended well, and left nothing but its environment. */
  const isDone = Effect.fnUntraced(function*(id: JobId, path: string, expected: ReadonlyArray<string>) {
    assert.strictEqual((yield* jobs.result(id)).operation, "install")
    yield* Cluster.isKnown(cluster, id, ({ attempts, state }) => state === "succeeded" && attempts > 1)
    assert.strictEqual(overlaps(), "")
    const status = yield* manager.status({ path })
    assert.deepStrictEqual([status.lock, status.prefix], ["present", "matches"])
    assert.includeMembers((yield* manager.list({ path })).map(({ name }) => name), [...expected])
    // The lock file belongs to the manifest.
    const changes = yield* manager.install({ path, locked: true })
    assert.isTrue(changes.isEmpty)
    yield* eventually(() => Processes.processesOf(kind.home).length === 0, 10_000)
  })

  return { ...cluster, isDone, killWhen, submit }
})

const suite = (bin: string, make: typeof Kinds.pixi | typeof Kinds.uv, executable: string) => {
  it.scopedLive("a runner that is killed in a solve: the job is done by the other one", () =>
    Effect.gen(function*() {
      const kind = yield* make(executable)
      const { isDone, killWhen, manager, submit } = yield* setting(bin, kind)
      const packages = yield* directory
      const index = yield* kind.pigeons(packages, Kinds.pigeons - 1)
      yield* manager.init({ path: "e0", ...kind.initAt(index) })
      const id = yield* submit("e0", "pigeons")
      // Everything else is done in a moment.
      yield* killWhen(id, ({ computed }) => computed > 1)
      // From now on there is a solution.
      yield* kind.pigeons(packages, Kinds.pigeons)
      yield* isDone(id, "e0", ["pigeons", "pigeon0", "pigeon12"])
    }).pipe(Effect.provide(NodeContext.layer)), 180_000)

  it.scopedLive(
    "a runner that is killed in a download: the job is done by the other one",
    () =>
      Effect.gen(function*() {
        const kind = yield* make(executable)
        const packages = yield* Packages.serve(kind.packages)
        const { isDone, killWhen, manager, submit } = yield* setting(bin, kind)
        yield* manager.init({ path: "e0", ...kind.initAt(`${packages.url}${kind.index}`) })
        yield* manager.install({ path: "e0", packages: ["libleaf"] })
        packages.stallNext(kind.archive)
        const id = yield* submit("e0", "bulky")
        yield* killWhen(id, packages.isStalled)
        yield* isDone(id, "e0", ["libleaf", "bulky"])
      }).pipe(Effect.provide(NodeContext.layer)),
    180_000
  )

  it.scopedLive.skipIf(!Tmpfs.isPossible)(
    "a full disk: the job fails, its environment is as before, and others go on",
    () =>
      Effect.gen(function*() {
        const kind = yield* make(executable)
        const { jobs, manager, root, submit } = yield* setting(bin, kind)
        const full = join(root, "full")
        yield* Tmpfs.mount(full, 3 * 2 ** 20)
        yield* manager.init({ path: "full", ...kind.init })
        yield* manager.init({ path: "other", ...kind.init })
        yield* manager.install({ path: "full", packages: ["libleaf"] })
        const files = () => kind.files.map((name) => readFileSync(join(full, name), "utf8"))
        const before = files()
        const fails = Effect.fnUntraced(function*(name: string, key: string) {
          const id = yield* jobs.submit({ operation: "install", options: { path: "full", packages: [name] } }, { key })
          const error = yield* Effect.flip(jobs.result(id))
          yield* Cluster.isKnown({ jobs }, id, ({ state }) => state === "failed")
          yield* jobs.result(yield* submit("other", name))
          assert.deepStrictEqual(files(), before)
          return error
        })
        // The manager finds no space.
        const big = yield* fails("bulky", "big")
        assert.match(big.message, /space|storage|ENOSPC/i)
        // The journal finds no space.
        const filler = Tmpfs.fill(full)
        const none = yield* fails("greet", "small")
        assert.strictEqual(none._tag, "StorageFailed")
        rmSync(filler)
        // The prefix may have a part of what had no space.
        yield* manager.clean({ path: "full" })
        yield* jobs.result(yield* submit("full", "greet"))
        const status = yield* manager.status({ path: "full" })
        assert.deepStrictEqual([status.lock, status.prefix], ["present", "matches"])
        yield* eventually(() => Processes.processesOf(kind.home).length === 0, 10_000)
      }).pipe(Effect.provide(NodeContext.layer)),
    180_000
  )
}

describeEach(process.env, "DARB_TEST_POSTGRES", (bin) => {
  for (const [variable, make] of Object.entries({ DARB_TEST_UV: Kinds.uv, DARB_TEST_PIXI: Kinds.pixi })) {
    describe(variable, () => describeEach(process.env, variable, (executable) => suite(bin, make, executable)))
  }
})
