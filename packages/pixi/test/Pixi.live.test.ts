import { describeEach } from "@darb/laws/LiveSuite"
import { isRunning } from "@darb/laws/Processes"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import { PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { createServer } from "node:http"
import * as Pixi from "../src/Pixi.js"
import * as PixiVersion from "../src/PixiVersion.js"
import { platform } from "./fixtures.js"
import { fresh } from "./liveFixtures.js"

/** An environment of that manager, on a channel with the example packages. */
const made = Effect.fnUntraced(function*(executable: string, name = "env") {
  const { packageManager } = yield* fresh(executable)
  const channel = yield* CondaChannel.make(CondaChannel.examples)
  const root = yield* directoryWith({})
  const path = `${root}/${name}`
  const manifest = yield* packageManager.init({ path, channels: [channel.url], platforms: [platform] })
  return { channel, manifest, packageManager, path, root }
})

/** What must be as it was after an operation that did not succeed. */
const tracked = (path: string) =>
  Effect.map(
    filesOf(path),
    (files) => Object.fromEntries(Object.entries(files).filter(([name]) => !name.startsWith(".pixi")))
  )

const failure = <A, R>(effect: Effect.Effect<A, PackageManagerError, R>) => Effect.flip(effect)

const names = (items: ReadonlyArray<{ readonly name: string }>) => items.map(({ name }) => name)

const versions = (items: ReadonlyArray<{ readonly name: string; readonly version: string | null }>) =>
  Object.fromEntries(items.map(({ name, version }) => [name, version]))

const edit = Effect.fnUntraced(function*(file: string, from: string | RegExp, to: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(file)
  assert.match(text, new RegExp(from))
  yield* fs.writeFileString(file, text.replace(from, to))
})

const live = <A, E>(effect: () => Effect.Effect<A, E, NodeContext.NodeContext | Scope.Scope>) => () =>
  effect().pipe(Effect.provide(NodeContext.layer))

describeEach(process.env, "DARB_TEST_PIXI", (executable) => {
  it.scopedLive(
    "an environment is made, changed, listed and read",
    live(() =>
      Effect.gen(function*() {
        const { packageManager } = yield* fresh(executable)
        const channel = yield* CondaChannel.make(CondaChannel.examples)
        const path = `${yield* directoryWith({})}/new/my env é`

        const manifest = yield* packageManager.init({
          path,
          name: "the é \"environment\"",
          python: "3.12",
          channels: [channel.url],
          platforms: [platform]
        })
        assert.strictEqual(manifest.name, "the é \"environment\"")
        assert.deepStrictEqual(manifest.channels, [channel.url])
        assert.deepStrictEqual(manifest.platforms, [platform])
        assert.deepStrictEqual(manifest.packages, { python: "3.12.*" })
        assert.deepStrictEqual(versions(yield* packageManager.list({ path })), { python: "3.12.4" })

        const added = yield* packageManager.install({ path, packages: ["app==1.0"] })
        assert.deepStrictEqual(versions(added.added), { app: "1.0", greet: "1.1", libleaf: "0.2.0" })
        assert.deepStrictEqual([added.removed, added.changed], [[], []])
        assert.deepStrictEqual(added.added[0]?.platforms, [platform])

        const listed = yield* packageManager.list({ path })
        assert.deepStrictEqual(
          listed.map((
            { build, direct, installed, kind, name, source, version }
          ) => [name, version, installed, build, kind, source, direct]),
          [
            ["app", "1.0", "1.0", "0", "conda", channel.url, true],
            ["greet", "1.1", "1.1", "0", "conda", channel.url, false],
            ["libleaf", "0.2.0", "0.2.0", "0", "conda", channel.url, false],
            ["python", "3.12.4", "3.12.4", "0", "conda", channel.url, true]
          ]
        )
        assert.isTrue(listed.every(({ size }) => size !== null && size > 0))
        const fs = yield* FileSystem.FileSystem
        assert.strictEqual(yield* fs.readFileString(`${path}/.pixi/envs/default/share/app.txt`), "app 1.0\n")

        const before = yield* tracked(path)
        assert.isTrue((yield* packageManager.install({ path, packages: ["app", "python"] })).isEmpty)
        assert.isTrue((yield* packageManager.install({ path })).isEmpty)
        assert.isTrue((yield* packageManager.update({ path })).isEmpty)
        assert.deepStrictEqual(yield* tracked(path), before)

        const changed = yield* packageManager.install({ path, packages: ["app==2.0"] })
        assert.deepStrictEqual(
          changed.changed.map(({ after, before, name }) => [name, before.version, after.version]),
          [["app", "1.0", "2.0"], ["greet", "1.1", "2.0"]]
        )
        assert.strictEqual(yield* fs.readFileString(`${path}/.pixi/envs/default/share/app.txt`), "app 2.0\n")

        const removed = yield* packageManager.remove({ path, packages: ["app"] })
        assert.deepStrictEqual(names(removed.removed), ["app", "greet", "libleaf"])
        assert.deepStrictEqual(versions(yield* packageManager.list({ path })), { python: "3.12.4" })
        assert.deepStrictEqual((yield* packageManager.getManifest({ path })).packages, { python: "3.12.*" })
        assert.isFalse(yield* fs.exists(`${path}/.pixi/envs/default/share/app.txt`))
      })
    ),
    120_000
  )

  it.scopedLive(
    "an update brings what the manifest allows, of everything or of what is named",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        yield* packageManager.install({ path, packages: ["greet==1.0", "libleaf==0.1.0"] })
        yield* edit(`${path}/pixi.toml`, /"==1\.0"/, "\"*\"")
        yield* edit(`${path}/pixi.toml`, /"==0\.1\.0"/, "\"*\"")

        const one = yield* packageManager.update({ path, packages: ["libleaf"] })
        assert.deepStrictEqual(one.changed.map(({ after, name }) => [name, after.version]), [["libleaf", "0.2.0"]])
        assert.strictEqual(yield* fs.readFileString(`${path}/.pixi/envs/default/share/greet.txt`), "greet 1.0\n")

        const all = yield* packageManager.update({ path })
        assert.deepStrictEqual(all.changed.map(({ after, name }) => [name, after.version]), [["greet", "2.0"]])
        assert.strictEqual(yield* fs.readFileString(`${path}/.pixi/envs/default/share/greet.txt`), "greet 2.0\n")
        assert.isTrue((yield* packageManager.update({ path })).isEmpty)

        const before = yield* tracked(path)
        const error = yield* failure(packageManager.update({ path, packages: ["greet", "nope"] }))
        assert.deepInclude({ ...error }, { _tag: "DependencyNotFound", packages: ["nope"] })
        assert.deepStrictEqual(yield* tracked(path), before)
      })
    ),
    120_000
  )

  it.scopedLive(
    "a list writes nothing, also where there is nothing to list",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const empty = yield* filesOf(path)
        assert.deepStrictEqual(yield* packageManager.list({ path }), [])
        yield* edit(`${path}/pixi.toml`, /\[dependencies\]\n/, "[dependencies]\ngreet = \"*\"\n")
        assert.deepStrictEqual(yield* packageManager.list({ path }), [])
        assert.deepStrictEqual(Object.keys(yield* filesOf(path)), Object.keys(empty))

        yield* packageManager.install({ path })
        yield* edit(`${path}/pixi.toml`, /greet = .*\n/, "libleaf = \"*\"\n")
        const outdated = yield* filesOf(path)
        assert.deepStrictEqual(names(yield* packageManager.list({ path })), ["greet"])
        assert.deepStrictEqual(yield* filesOf(path), outdated)
      })
    ),
    120_000
  )

  it.scopedLive(
    "what fails says why, and changes nothing",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        const before = yield* tracked(path)
        const fails = Effect.fnUntraced(function*(packages: ReadonlyArray<string>) {
          const error = yield* failure(packageManager.install({ path, packages }))
          assert.deepStrictEqual(yield* tracked(path), before, packages.join(" "))
          return error
        })
        assert.deepInclude({ ...yield* fails(["nope"]) }, { _tag: "PackageNotFound", packages: ["nope"] })
        assert.deepInclude({ ...yield* fails(["libleaf", "nope>=1"]) }, { _tag: "PackageNotFound", packages: ["nope"] })
        for (const packages of [["libleaf>=9"], ["app==2.0", "greet==1.0"], ["orphan"]]) {
          const error = yield* fails(packages)
          assert.strictEqual(error._tag, "Unsolvable", packages.join(" "))
          if (error._tag === "Unsolvable") assert.isNotEmpty(error.explanation)
        }
        const broken = yield* fails(["broken"])
        assert.strictEqual(broken._tag, "DownloadFailed")
        if (broken._tag === "DownloadFailed") assert.match(broken.archive ?? "", /broken-1\.0-0/)
        assert.strictEqual((yield* fails(["--help"]))._tag, "InvalidSpec")

        const missing = yield* failure(packageManager.remove({ path, packages: ["greet", "app"] }))
        assert.deepInclude({ ...missing }, { _tag: "DependencyNotFound", packages: ["app"] })
        assert.deepStrictEqual(yield* tracked(path), before)

        assert.deepStrictEqual(names((yield* packageManager.install({ path, packages: ["libleaf"] })).added), [
          "libleaf"
        ])
      })
    ),
    240_000
  )

  it.scopedLive(
    "an environment is made as a whole or not at all",
    live(() =>
      Effect.gen(function*() {
        const { channel, packageManager, path, root } = yield* made(executable)
        const inRoot = yield* filesOf(root)
        const exists = yield* failure(packageManager.init({ path }))
        assert.deepInclude({ ...exists }, { _tag: "EnvironmentExists", manifest: `${path}/pixi.toml` })

        const python = yield* failure(
          packageManager.init({ path: `${root}/a/b`, python: "9.9", channels: [channel.url], platforms: [platform] })
        )
        assert.include(["Unsolvable", "PackageNotFound"], python._tag)
        const nowhere = yield* failure(packageManager.init({
          path: `${root}/c`,
          python: "3.12",
          channels: [`${channel.url}-none`],
          platforms: [platform]
        }))
        assert.strictEqual(nowhere._tag, "ChannelUnavailable")
        const underFile = yield* failure(packageManager.init({ path: `${path}/pixi.toml/x` }))
        assert.strictEqual(underFile._tag, "StorageFailed")
        assert.deepStrictEqual(yield* filesOf(root), inRoot)
      })
    ),
    120_000
  )

  it.scopedLive(
    "a parent's environment is not the one that was named",
    live(() =>
      Effect.gen(function*() {
        const { channel, packageManager, path } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        yield* packageManager.install({ path, packages: ["greet"] })
        const before = yield* tracked(path)
        const child = `${path}/child`
        yield* fs.makeDirectory(child)
        for (
          const operation of [
            packageManager.install({ path: child, packages: ["app"] }),
            packageManager.remove({ path: child, packages: ["greet"] }),
            packageManager.list({ path: child })
          ]
        ) assert.strictEqual((yield* failure<unknown, never>(operation))._tag, "EnvironmentNotFound")
        yield* packageManager.init({ path: child, channels: [channel.url], platforms: [platform] })
        yield* packageManager.install({ path: child, packages: ["libleaf"] })
        assert.deepStrictEqual(names(yield* packageManager.list({ path: child })), ["libleaf"])
        yield* fs.remove(child, { recursive: true })
        assert.deepStrictEqual(yield* tracked(path), before)
      })
    ),
    120_000
  )

  it.scopedLive(
    "the lock file is kept when it is to be",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        yield* fs.remove(`${path}/.pixi`, { recursive: true })
        assert.isTrue((yield* packageManager.install({ path, locked: true })).isEmpty)
        assert.isTrue(yield* fs.exists(`${path}/.pixi/envs/default/share/greet.txt`))

        yield* edit(`${path}/pixi.toml`, /greet = .*\n/, "greet = \"==2.0\"\n")
        const before = yield* tracked(path)
        assert.strictEqual((yield* failure(packageManager.install({ path, locked: true })))._tag, "LockOutdated")
        assert.deepStrictEqual(yield* tracked(path), before)
        assert.deepStrictEqual(names((yield* packageManager.install({ path })).changed), ["greet"])
      })
    ),
    120_000
  )

  it.scopedLive(
    "broken files are typed errors with their place, and stay as they are",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        yield* packageManager.install({ path, packages: ["greet"] })
        yield* fs.writeFileString(`${path}/pixi.lock`, "version: 4\n<<<<<<< ours\n")
        const lock = yield* failure(packageManager.install({ path, packages: ["app"] }))
        assert.deepInclude({ ...lock }, { _tag: "LockInvalid", file: `${path}/pixi.lock`, line: 2 })
        assert.strictEqual(yield* fs.readFileString(`${path}/pixi.lock`), "version: 4\n<<<<<<< ours\n")
        yield* fs.remove(`${path}/pixi.lock`)
        yield* packageManager.install({ path })

        // A key that no version knows: only pixi itself can tell.
        yield* edit(`${path}/pixi.toml`, /\[dependencies\]/, "[dependencys]\nx = \"*\"\n[dependencies]")
        const before = yield* tracked(path)
        const manifest = yield* failure(packageManager.install({ path, packages: ["app"] }))
        assert.deepInclude({ ...manifest }, { _tag: "ManifestInvalid", file: `${path}/pixi.toml` })
        assert.deepStrictEqual(yield* tracked(path), before)
      })
    ),
    120_000
  )

  it.scopedLive(
    "syntax of TOML 1.1, which not all versions know",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        yield* edit(`${path}/pixi.toml`, /\[dependencies\]/, "[dependencies]\ngreet = { version = \"*\", }")
        const file = `${path}/pixi.toml`
        const version = PixiVersion.parse(`pixi ${yield* packageManager.version}`) ?? assert.fail("no version")
        for (const operation of [packageManager.install({ path }), packageManager.list({ path })]) {
          const error = Option.getOrUndefined(
            yield* Effect.option(Effect.flip<unknown, PackageManagerError, never>(operation))
          )
          if (!PixiVersion.atLeast(version, "0.39.0")) {
            // pixi draws the reason in two lines.
            const reason = "failed to parse project manifest: invalid inline table expected `}`"
            assert.deepInclude({ ...error }, { _tag: "ManifestInvalid", file, line: 11, column: 24, reason })
          } else if (error !== undefined || !PixiVersion.atLeast(version, "0.68.0")) {
            const reason = "expected a table key, found a right brace"
            assert.deepInclude({ ...error }, { _tag: "ManifestInvalid", file, reason })
          }
        }
      })
    ),
    60_000
  )

  it.scopedLive(
    "a platform that is not this machine's",
    live(() =>
      Effect.gen(function*() {
        const { channel, packageManager, root } = yield* made(executable)
        const path = `${root}/other`
        yield* packageManager.init({ path, channels: [channel.url], platforms: ["win-64"] })
        const before = yield* tracked(path)
        const error = yield* failure(packageManager.install({ path, packages: ["greet"] }))
        assert.deepInclude({ ...error }, { _tag: "PlatformUnsupported", platform })
        assert.deepStrictEqual(yield* tracked(path), before)
      })
    ),
    120_000
  )

  it.scopedLive(
    "two edits at once are both kept",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        yield* Effect.all([
          packageManager.install({ path, packages: ["greet"] }),
          packageManager.install({ path, packages: ["libleaf"] }),
          packageManager.install({ path: `${path}/../env`, packages: ["native"] })
        ], { concurrency: "unbounded" })
        assert.deepStrictEqual(Object.keys((yield* packageManager.getManifest({ path })).packages).sort(), [
          ...["greet", "libleaf", "native"]
        ])
        assert.deepStrictEqual(names(yield* packageManager.list({ path })), ["greet", "libleaf", "native"])
      })
    ),
    120_000
  )

  it.scopedLive(
    "cancelling in the middle of a download leaves nothing running and nothing changed",
    () =>
      Effect.gen(function*() {
        const channel = yield* CondaChannel.make(CondaChannel.examples)
        const served = yield* CondaChannel.serve(channel, { stall: /bulky-1\.0/ })
        const { packageManager } = yield* fresh(executable)
        const path = `${yield* directoryWith({})}/env`
        yield* packageManager.init({ path, channels: [served.url], platforms: [platform] })
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        const before = yield* tracked(path)

        const pids: Array<number> = []
        const fiber = yield* Effect.fork(
          Output.observe(
            packageManager.install({ path, packages: ["bulky"] }),
            (event) => Effect.sync(() => event._tag === "Started" && pids.push(event.pid))
          )
        )
        yield* served.stalled
        const [duration] = yield* Effect.timed(Fiber.interrupt(fiber))
        assert.isTrue(Duration.lessThan(duration, "10 seconds"))
        assert.isNotEmpty(pids)
        assert.deepStrictEqual(yield* Effect.filter(pids, isRunning), [])
        assert.deepStrictEqual(yield* tracked(path), before)
        assert.deepStrictEqual(names(yield* packageManager.list({ path })), ["greet"])
        assert.deepStrictEqual(names((yield* packageManager.install({ path, packages: ["libleaf"] })).added), [
          "libleaf"
        ])
      }).pipe(
        Effect.scoped,
        Effect.provide(Layer.merge(
          NodeContext.layer,
          NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1" })
        ))
      ),
    120_000
  )

  it.scopedLive("how far it is is told: solving, each package that is downloaded, done", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const channel = yield* CondaChannel.make(CondaChannel.examples)
      const served = yield* CondaChannel.serve(channel)
      const { packageManager } = yield* fresh(executable)
      const path = `${yield* directoryWith({})}/env`
      yield* packageManager.init({ path, channels: [served.url], platforms: [platform] })
      const told: Array<Output.Progress> = []
      yield* Output.observe(packageManager.install({ path, packages: ["app"] }), (event) =>
        Effect.sync(() => event._tag === "Progress" && told.push(event)))
      const phases = told.map(({ phase }) =>
        phase
      )
      assert.strictEqual(phases[0], "solving")
      assert.strictEqual(phases.at(-1), "done")
      const [app = Number.NaN, greet = Number.NaN, libleaf = Number.NaN] = yield* Effect.forEach(
        ["app-2.0", "greet-2.0", "libleaf-0.2.0"],
        (name) => Effect.map(fs.stat(`${channel.directory}/noarch/${name}-0.conda`), ({ size }) => Number(size))
      )
      const sizes = app + greet + libleaf
      assert.deepStrictEqual(told.at(-1)?.totals, {
        packages: { done: 3, total: 3 },
        bytes: { done: sizes, total: sizes }
      })
      assert.deepStrictEqual(
        [...new Set(told.flatMap((event) => event.package === null ? [] : [event.package]))].sort(),
        ["app", "greet", "libleaf"]
      )

      // Everything is in the cache.
      const again = `${path}-again`
      yield* packageManager.init({ path: again, channels: [served.url], platforms: [platform] })
      told.length = 0
      yield* Output.observe(packageManager.install({ path: again, packages: ["app"] }), (event) =>
        Effect.sync(() => event._tag === "Progress" && told.push(event)))
      const all = told.flatMap(({ totals }) =>
        totals === null ? [] : [totals]
      )
      assert.deepStrictEqual(all.at(-1), {
        packages: { done: 3, total: 3 },
        bytes: { done: sizes, total: sizes }
      })
      assert.isTrue(all.every(({ bytes }) => bytes.done === sizes))
      told.length = 0
      yield* Output.observe(packageManager.install({ path: again }), (event) =>
        Effect.sync(() => event._tag === "Progress" && told.push(event)))
      assert.isNull(told.at(-1)?.totals)

      told.length = 0
      yield* Output.observe(
        packageManager.init({ path: `${path}-python`, channels: [served.url], platforms: [platform], python: "3.11" }),
        (event) =>
          Effect.sync(() => event._tag === "Progress" && told.push(event))
      )
      assert.strictEqual(told[0]?.phase, "solving")
      assert.strictEqual(told.at(-1)?.phase, "done")
      assert.deepStrictEqual(told.at(-1)?.totals?.packages, { done: 1, total: 1 })
    }).pipe(
      Effect.scoped,
      Effect.provide(Layer.merge(
        NodeContext.layer,
        NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1" })
      ))
    ), 120_000)

  it.scopedLive("servers that refuse, and that are not there", () =>
    Effect.gen(function*() {
      const { packageManager } = yield* fresh(executable)
      const root = yield* directoryWith({})
      const install = Effect.fnUntraced(function*(name: string, channel: string) {
        const path = `${root}/${name}`
        yield* packageManager.init({ path, channels: [channel], platforms: [platform] })
        const before = yield* tracked(path)
        const error = yield* failure(packageManager.install({ path, packages: ["greet"] }))
        assert.deepStrictEqual(yield* tracked(path), before)
        return error._tag
      })
      const answering = (status: number) =>
        Effect.acquireRelease(
          Effect.async<{ readonly port: number; readonly close: Effect.Effect<void> }>((resume) => {
            const server = createServer((_, response) => response.writeHead(status).end())
            server.listen(0, "127.0.0.1", () => {
              const address = server.address()
              resume(Effect.succeed({
                port: typeof address === "object" && address !== null ? address.port : 0,
                close: Effect.sync(() => {
                  server.closeAllConnections()
                  server.close()
                })
              }))
            })
          }),
          ({ close }) => close
        )
      const { close, port } = yield* answering(500)
      yield* close
      assert.strictEqual(yield* install("refused", `http://127.0.0.1:${port}`), "NetworkUnavailable")
      assert.strictEqual(
        yield* install("denied", `http://127.0.0.1:${(yield* answering(401)).port}`),
        "Unauthorized"
      )
      assert.strictEqual(
        yield* install("absent", `http://127.0.0.1:${(yield* answering(404)).port}`),
        "ChannelUnavailable"
      )
    }).pipe(Effect.provide(NodeContext.layer)), 240_000)

  it.scopedLive(
    "five thousand specs are no problem, or a typed error",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const before = yield* tracked(path)
        const packages = Array.from({ length: 5000 }, (_, index) => `package-${index}`)
        const error = yield* failure(packageManager.install({ path, packages }))
        assert.strictEqual(error._tag, "PackageNotFound")
        assert.isBelow(JSON.stringify(error).length, 100_000)
        assert.deepStrictEqual(yield* tracked(path), before)
      })
    ),
    240_000
  )

  it.scopedLive(
    "what it prints is seen as it comes",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const events: Array<Output.Event> = []
        yield* Output.observe(
          packageManager.install({ path, packages: ["greet"] }),
          (event) =>
            Effect.sync(() => {
              // Of the attempt that comes to an end.
              if (event._tag === "Started") events.length = 0
              events.push(event)
            })
        )
        const tags = events.map(({ _tag }) => _tag).filter((tag) => tag !== "Progress")
        assert.deepStrictEqual(tags.filter((tag, at) => tag !== tags[at - 1]), ["Started", "Output", "Ended"])
        assert.isFalse(events.some((event) => event._tag === "Output" && /DEBUG|INFO/.test(event.line)))
        const [greet] = yield* packageManager.list({ path })
        // Some versions copy what is on this machine, and do not call that a download.
        for (const event of events) {
          if (event._tag !== "Progress" || event.package === null) continue
          assert.deepStrictEqual([event.package, event.bytes], ["greet", greet?.size])
        }
        const [started] = events
        assert.deepStrictEqual(started?._tag === "Started" ? started.command.slice(1) : [], [
          ...["add", "--manifest-path", `${path}/pixi.toml`, "--", "greet"]
        ])
      })
    ),
    120_000
  )

  it.scopedLive(
    "a relative path",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const relative = path.slice(1).split("/").reduce((found) => `../${found}`, path.slice(1))
        const up = process.cwd().split("/").slice(1).map(() => "..").join("/")
        assert.include(relative, "..")
        yield* packageManager.install({ path: `${up}${path}`, packages: ["greet"] })
        assert.deepStrictEqual(names(yield* packageManager.list({ path })), ["greet"])
      })
    ),
    120_000
  )
})

describe("programs that are not a pixi", () => {
  const program = (body: string, shortLimit: Duration.DurationInput = "30 seconds") =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* directoryWith({
        "bin/pixi": `#!/bin/sh\n${body}\n`,
        "env/pixi.toml": `[project]\nname = "x"\nchannels = []\nplatforms = ["${platform}"]\n`
      })
      yield* fs.chmod(`${path}/bin/pixi`, 0o755)
      const packageManager = yield* Pixi.make({
        executable: `${path}/bin/pixi`,
        gracePeriod: "200 millis",
        shortLimit
      })
      const before = yield* filesOf(path)
      const error = yield* failure(packageManager.list({ path: `${path}/env` }))
      assert.deepStrictEqual(yield* filesOf(path), before)
      return error._tag
    })

  it.scopedLive(
    "are typed errors, and none hangs",
    live(() =>
      Effect.gen(function*() {
        const version = "[ \"$1\" = --version ] && echo pixi 0.77.0 && exit"
        assert.strictEqual(yield* program("echo garbage"), "UnsupportedVersion")
        assert.strictEqual(yield* program("exit 3"), "UnsupportedVersion")
        assert.strictEqual(yield* program("kill -KILL $$"), "CommandKilled")
        assert.strictEqual(yield* program("head -c 100000000 /dev/zero"), "UnsupportedVersion")
        assert.strictEqual(yield* program("trap '' TERM; while :; do sleep 0.1; done", "1 second"), "CommandTimedOut")
        assert.strictEqual(yield* program(`${version}\necho '[{"name":'`), "OutputInvalid")
        assert.strictEqual(yield* program(`${version}\nhead -c 100000000 /dev/zero`), "OutputInvalid")
        assert.strictEqual(yield* program(`${version}\nyes '"x",' | head -c 100000000`), "OutputInvalid")
        assert.strictEqual(yield* program(`${version}\nkill -SEGV $$`), "CommandKilled")
        assert.strictEqual(
          yield* program(`${version}\ntrap '' TERM; while :; do sleep 0.1; done`, "2 seconds"),
          "CommandTimedOut"
        )
      })
    ),
    60_000
  )

  it.scopedLive(
    "a file that is not executable, a directory, nothing",
    live(() =>
      Effect.gen(function*() {
        const path = yield* directoryWith({ "text": "x", "env/pixi.toml": "[project]\nname = \"x\"\nchannels = []\n" })
        const reason = Effect.fnUntraced(function*(executable: string) {
          const packageManager = yield* Pixi.make({ executable })
          const error = yield* failure(packageManager.install({ path: `${path}/env` }))
          return error._tag === "ExecutableNotFound" ? error.reason : error._tag
        })
        assert.strictEqual(yield* reason(`${path}/text`), "it is not executable")
        assert.strictEqual(yield* reason(path), "it is not executable")
        assert.strictEqual(yield* reason(`${path}/none`), "there is no such file")
        assert.strictEqual(yield* reason("no-such-pixi"), "there is no such file")
      })
    )
  )
})

it("is a layer", () => {
  assert.isTrue(Layer.isLayer(Pixi.PixiLive))
  assert.strictEqual(PackageManager.key, "@darb/package-manager/PackageManager")
})
