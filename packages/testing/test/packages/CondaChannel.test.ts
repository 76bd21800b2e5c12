import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { createServer } from "node:http"
import * as CondaChannel from "../../src/packages/CondaChannel.js"
import { sha256, unzip } from "./archives.js"

/** The content of a frame of raw blocks. */
const unzstd = (frame: Buffer): Buffer => {
  assert.strictEqual(frame.toString("hex", 0, 5), "28b52ffda0")
  const blocks: Array<Buffer> = []
  let at = 9
  for (let last = 0; last === 0;) {
    const header = frame.readUIntLE(at, 3)
    const size = header >>> 3
    assert.strictEqual(header >>> 1 & 3, 0)
    assert.isAtMost(size, 128 * 1024)
    blocks.push(frame.subarray(at + 3, at + 3 + size))
    last = header & 1
    at += 3 + size
  }
  assert.strictEqual(at, frame.length)
  const content = Buffer.concat(blocks)
  assert.strictEqual(frame.readUInt32LE(5), content.length)
  return content
}

const untar = (tar: Buffer): Map<string, Buffer> => {
  const files = new Map<string, Buffer>()
  const octal = (from: number, to: number) => Number.parseInt(tar.toString("latin1", from, to), 8)
  let at = 0
  while (tar[at] !== 0) {
    assert.strictEqual(tar.toString("latin1", at + 257, at + 265), "ustar\x0000")
    const sum = tar.subarray(at, at + 512).reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0)
    assert.strictEqual(octal(at + 148, at + 154), sum)
    const size = octal(at + 124, at + 135)
    files.set(tar.toString("utf8", at, tar.indexOf(0, at)), tar.subarray(at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  assert.strictEqual(tar.length, at + 1024)
  return files
}

const readJson = Effect.fnUntraced(function*(...segments: ReadonlyArray<string>) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return JSON.parse(yield* fileSystem.readFileString(path.join(...segments)))
})

const serverLayer = NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })

describe("CondaChannel", () => {
  it.scoped("an archive has the files and says what the channel says", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const { directory } = yield* CondaChannel.make([
        { name: "tool", version: "1.2", build: "h1_3", depends: ["greet >=1"], padding: 300_000 }
      ])
      const { "packages.conda": { "tool-1.2-h1_3.conda": record } } = yield* readJson(
        directory,
        "noarch",
        "repodata.json"
      )
      const archive = yield* fileSystem.readFile(`${directory}/noarch/tool-1.2-h1_3.conda`)
      const { sha256: digest, size, ...index } = record
      assert.strictEqual(size, archive.length)
      assert.strictEqual(digest, sha256(archive))

      const entries = unzip(archive)
      assert.deepStrictEqual([...entries.keys()], [
        "metadata.json",
        "pkg-tool-1.2-h1_3.tar.zst",
        "info-tool-1.2-h1_3.tar.zst"
      ])
      const files = untar(unzstd(entries.get("pkg-tool-1.2-h1_3.tar.zst")!))
      const info = untar(unzstd(entries.get("info-tool-1.2-h1_3.tar.zst")!))
      assert.strictEqual(files.get("share/tool.txt")?.toString(), "tool 1.2\n")
      assert.strictEqual(files.get("share/tool.bin")?.length, 300_000)
      assert.deepStrictEqual(JSON.parse(info.get("info/index.json")!.toString()), index)
      assert.deepStrictEqual(
        JSON.parse(info.get("info/paths.json")!.toString()).paths,
        Array.from(files, ([_path, bytes]) => ({
          _path,
          path_type: "hardlink",
          sha256: sha256(bytes),
          size_in_bytes: bytes.length
        }))
      )
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("the repodata of each platform lists its packages", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const { directory } = yield* CondaChannel.make([
        { name: "app", version: "1.0", depends: ["greet >=1,<2"] },
        { name: "native", version: "2.0", subdir: "linux-64", sha256: "0".repeat(64) },
        { name: "broken", version: "1.0", archive: "missing" }
      ])
      assert.deepInclude((yield* readJson(directory, "noarch", "repodata.json"))["packages.conda"]["app-1.0-0.conda"], {
        name: "app",
        version: "1.0",
        build: "0",
        build_number: 0,
        depends: ["greet >=1,<2"],
        constrains: [],
        subdir: "noarch",
        noarch: "generic",
        license: "MIT",
        timestamp: 1_700_000_000_000
      })
      const native = (yield* readJson(directory, "linux-64", "repodata.json"))["packages.conda"]["native-2.0-0.conda"]
      assert.deepInclude(native, { subdir: "linux-64", sha256: "0".repeat(64) })
      assert.notProperty(native, "noarch")
      assert.deepStrictEqual(yield* readJson(directory, "osx-arm64", "repodata.json"), {
        info: { subdir: "osx-arm64" },
        packages: {},
        "packages.conda": {},
        removed: [],
        repodata_version: 1
      })
      assert.deepStrictEqual((yield* fileSystem.readDirectory(`${directory}/noarch`)).sort(), [
        "app-1.0-0.conda",
        "repodata.json"
      ])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("the same packages make the same bytes", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const digests = Effect.fnUntraced(function*({ directory }: CondaChannel.CondaChannel) {
        const names = (yield* fileSystem.readDirectory(directory, { recursive: true })).filter((name) =>
          /\./.test(name)
        )
        return yield* Effect.forEach(
          names.sort(),
          (name) => Effect.map(fileSystem.readFile(`${directory}/${name}`), (bytes) => [name, sha256(bytes)])
        )
      })
      const first = yield* digests(yield* CondaChannel.make(CondaChannel.examples))
      assert.isAbove(first.length, CondaChannel.examples.length)
      assert.deepStrictEqual(yield* digests(yield* CondaChannel.make(CondaChannel.examples)), first)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("the URL of a channel is encoded and has no slash at the end", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const parent = yield* fileSystem.makeTempDirectoryScoped()
      const { directory, url } = yield* CondaChannel.write(`${parent}/a channel/`, [], { subdirs: ["noarch"] })
      assert.strictEqual(directory, `${parent}/a channel`)
      assert.strictEqual(url, `file://${parent}/a%20channel`)
      assert.deepStrictEqual(yield* fileSystem.readDirectory(directory), ["noarch"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.effect("a served channel has its files and nothing else", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const parent = yield* fileSystem.makeTempDirectoryScoped()
      yield* fileSystem.writeFileString(`${parent}/secret`, "secret")
      const channel = yield* CondaChannel.write(`${parent}/channel`, [{ name: "greet", version: "1!1.0+local" }])
      const { requests, url } = yield* CondaChannel.serve(channel)
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
      const request = (path: string, method = "GET") =>
        Effect.promise(async () => {
          const response = await fetch(`${url}${path}`, { method })
          const body = Buffer.from(await response.arrayBuffer())
          return { status: response.status, length: Number(response.headers.get("content-length")), body }
        })

      const archive = Buffer.from(yield* fileSystem.readFile(`${channel.directory}/noarch/greet-1!1.0+local-0.conda`))
      const length = archive.length
      const path = "/noarch/greet-1%211.0%2Blocal-0.conda"
      assert.deepStrictEqual(yield* request(path), { status: 200, length, body: archive })
      assert.deepStrictEqual(yield* request(path, "HEAD"), { status: 200, length, body: Buffer.alloc(0) })
      for (const path of ["/noarch", "/noarch/repodata.json.zst", "/..%2fsecret", "/%2e%2e%2Fsecret", "/%", "/%00"]) {
        assert.strictEqual((yield* request(path)).status, 404, path)
      }
      assert.deepStrictEqual((yield* requests).slice(0, 3), [`GET ${path}`, `HEAD ${path}`, "GET /noarch"])
    }).pipe(Effect.scoped, Effect.provide(serverLayer)))

  it.effect("a request that stalls gets half of the bytes until the scope closes", () =>
    Effect.gen(function*() {
      const channel = yield* CondaChannel.make([{ name: "bulky", version: "1.0", padding: 1_000_000 }])
      const scope = yield* Scope.make()
      const { stalled, url } = yield* CondaChannel.serve(channel, { stall: /\.conda$/ }).pipe(Scope.extend(scope))
      const response = yield* Effect.promise(() => fetch(`${url}/noarch/bulky-1.0-0.conda`))
      const length = Number(response.headers.get("content-length"))
      assert.isAbove(length, 1_000_000)
      yield* stalled

      const half = yield* Deferred.make<void>()
      let received = 0
      const download = yield* Effect.fork(Effect.tryPromise(async () => {
        for await (const chunk of response.body!) {
          received += chunk.length
          if (received === Math.floor(length / 2)) Deferred.unsafeDone(half, Exit.void)
        }
      }))
      yield* Deferred.await(half)
      const others = yield* Effect.promise(() => fetch(`${url}/noarch/repodata.json`))
      assert.strictEqual(others.status, 200)
      assert.isNull(download.unsafePoll())

      yield* Scope.close(scope, Exit.void)
      assert.isTrue(Exit.isFailure(yield* Fiber.await(download)))
      assert.strictEqual(received, Math.floor(length / 2))
    }).pipe(Effect.scoped, Effect.provide(serverLayer)))

  it.effect("a request that stalls ends when the client goes away", () =>
    Effect.gen(function*() {
      const channel = yield* CondaChannel.make([{ name: "greet", version: "1.0" }])
      const { stalled, url } = yield* CondaChannel.serve(channel, { stall: /greet/ })
      const abort = new AbortController()
      const download = yield* Effect.fork(Effect.tryPromise(async () => {
        const response = await fetch(`${url}/noarch/greet-1.0-0.conda`, { signal: abort.signal })
        return await response.arrayBuffer()
      }))
      yield* stalled
      abort.abort()
      assert.isTrue(Exit.isFailure(yield* Fiber.await(download)))
    }).pipe(Effect.scoped, Effect.provide(serverLayer)))
})
