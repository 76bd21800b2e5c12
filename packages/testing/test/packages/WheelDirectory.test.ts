import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import { createServer } from "node:http"
import * as WheelDirectory from "../../src/packages/WheelDirectory.js"
import { sha256, unzip } from "./archives.js"

const read = Effect.fnUntraced(function*(path: string) {
  const fileSystem = yield* FileSystem.FileSystem
  return yield* fileSystem.readFile(path)
})

const readText = (path: string) => Effect.map(read(path), (bytes) => Buffer.from(bytes).toString())

/** The attributes of each link of a page, and its text. */
const linksOf = (page: string) =>
  Array.from(page.matchAll(/<a((?: [a-z-]+="[^"]*")+)>([^<]*)<\/a>/g), ([, attributes = "", text = ""]) => {
    const unescaped = (value: string) =>
      value.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", "\"").replaceAll("&amp;", "&")
    const found = Array.from(
      attributes.matchAll(/ ([a-z-]+)="([^"]*)"/g),
      ([, name = "", value = ""]) => [name, unescaped(value)]
    )
    return { ...Object.fromEntries(found), text: unescaped(text) }
  })

const serverLayer = NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })

describe("WheelDirectory", () => {
  it.scoped("a wheel has its files, its metadata and a record of them", () =>
    Effect.gen(function*() {
      const { directory, wheels } = yield* WheelDirectory.make([{
        name: "My.Tool_x",
        version: "1.2",
        requires: ["greet>=1,<2", "libleaf ; python_version > '3'"],
        requiresPython: ">=3.9",
        extras: {
          plot: ["app", "orphan>=1; sys_platform == 'linux' or os_name == 'nt'"],
          web: ["direct @ https://host/a;b.whl", "other @ https://host/c.whl ; os_name == 'nt'"]
        },
        padding: 1000
      }])
      assert.strictEqual(wheels, `${directory}/wheels`)
      const bytes = yield* read(`${wheels}/my_tool_x-1.2-py3-none-any.whl`)
      const entries = unzip(bytes)
      const info = "my_tool_x-1.2.dist-info"
      assert.strictEqual(entries.get("my_tool_x/__init__.py")?.toString(), "__version__ = \"1.2\"\n")
      assert.strictEqual(entries.get("my_tool_x/padding.bin")?.length, 1000)
      const metadata = [
        "Metadata-Version: 2.1",
        "Name: My.Tool_x",
        "Version: 1.2",
        "Requires-Python: >=3.9",
        "Requires-Dist: greet>=1,<2",
        "Requires-Dist: libleaf ; python_version > '3'",
        "Provides-Extra: plot",
        "Requires-Dist: app ; extra == 'plot'",
        "Requires-Dist: orphan>=1 ; (sys_platform == 'linux' or os_name == 'nt') and extra == 'plot'",
        "Provides-Extra: web",
        "Requires-Dist: direct @ https://host/a;b.whl ; extra == 'web'",
        "Requires-Dist: other @ https://host/c.whl ; (os_name == 'nt') and extra == 'web'",
        ""
      ].join("\n")
      assert.strictEqual(entries.get(`${info}/METADATA`)?.toString(), metadata)
      assert.strictEqual(yield* readText(`${wheels}/my_tool_x-1.2-py3-none-any.whl.metadata`), metadata)
      assert.strictEqual(
        entries.get(`${info}/WHEEL`)?.toString(),
        "Wheel-Version: 1.0\nGenerator: darb\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
      )
      const record = Array.from(entries, ([path, content]) =>
        path === `${info}/RECORD`
          ? `${path},,\n`
          : `${path},sha256=${createHash("sha256").update(content).digest("base64url")},${content.length}\n`)
      assert.strictEqual(entries.get(`${info}/RECORD`)?.toString(), record.join(""))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("the index links to the wheels of each project", () =>
    Effect.gen(function*() {
      const { directory, wheels } = yield* WheelDirectory.make([
        { name: "Dotted.Name", version: "1!1.0+local", files: { "dotted.py": "x = 1\n" } },
        { name: "dotted_name", version: "2.0", requiresPython: ">=4", tags: "py2.py3-none-win_amd64" },
        { name: "gone", version: "1.0", archive: "missing" },
        { name: "broken", version: "1.0", archive: "broken" }
      ])
      const names = ["dotted_name-1!1.0+local-py3-none-any.whl", "dotted_name-2.0-py2.py3-none-win_amd64.whl"]
      const broken = "broken-1.0-py3-none-any.whl"
      const gone = "gone-1.0-py3-none-any.whl"
      const [first, second, third] = yield* Effect.forEach([...names, broken], (name) => read(`${wheels}/${name}`))
      const [firstMeta, secondMeta] = yield* Effect.forEach(names, (name) => read(`${wheels}/${name}.metadata`))
      assert.deepStrictEqual(linksOf(yield* readText(`${directory}/simple/dotted-name/index.html`)), [
        {
          href: `../../wheels/dotted_name-1!1.0%2Blocal-py3-none-any.whl#sha256=${sha256(first!)}`,
          "data-core-metadata": `sha256=${sha256(firstMeta!)}`,
          text: names[0]!
        },
        {
          href: `../../wheels/${names[1]}#sha256=${sha256(second!)}`,
          "data-requires-python": ">=4",
          "data-core-metadata": `sha256=${sha256(secondMeta!)}`,
          text: names[1]!
        }
      ])
      assert.deepStrictEqual([...unzip(first!).keys()].slice(0, 1), ["dotted.py"])
      assert.include(
        unzip(second!).get("dotted_name-2.0.dist-info/WHEEL")?.toString(),
        "Tag: py2-none-win_amd64\nTag: py3-none-win_amd64\n"
      )
      assert.throws(() => unzip(third!))
      assert.include(yield* readText(`${directory}/simple/broken/index.html`), `${broken}#sha256=${sha256(third!)}`)
      assert.include(yield* readText(`${directory}/simple/gone/index.html`), gone)
      const fileSystem = yield* FileSystem.FileSystem
      assert.deepStrictEqual(
        (yield* fileSystem.readDirectory(wheels)).sort(),
        [broken, ...names].flatMap((name) => [name, `${name}.metadata`]).concat(`${gone}.metadata`).sort()
      )
      assert.deepStrictEqual(
        linksOf(yield* readText(`${directory}/simple/index.html`)),
        ["dotted-name", "gone", "broken"].map((name) => ({ href: `${name}/`, text: name }))
      )
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("the same packages make the same bytes", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const digests = Effect.fnUntraced(function*({ directory }: WheelDirectory.WheelDirectory) {
        const names = yield* fileSystem.readDirectory(directory, { recursive: true })
        return yield* Effect.forEach(
          names.filter((name) => /\.(?:html|metadata|whl)$/.test(name)).sort(),
          (name) => Effect.map(read(`${directory}/${name}`), (bytes) => [name, sha256(bytes)])
        )
      })
      const first = yield* digests(yield* WheelDirectory.make(WheelDirectory.examples))
      assert.isAbove(first.length, 2 * WheelDirectory.examples.length)
      assert.deepStrictEqual(yield* digests(yield* WheelDirectory.make(WheelDirectory.examples)), first)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("the URL of an index is encoded and has no slash at the end", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const parent = yield* fileSystem.makeTempDirectoryScoped()
      const { directory, url } = yield* WheelDirectory.write(`${parent}/an index/`, [])
      assert.strictEqual(directory, `${parent}/an index`)
      assert.strictEqual(url, `file://${parent}/an%20index/simple`)
      assert.deepStrictEqual((yield* fileSystem.readDirectory(directory)).sort(), ["simple", "wheels"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.effect("a served index has pages, and wheels where they say", () =>
    Effect.gen(function*() {
      const index = yield* WheelDirectory.make([{ name: "greet", version: "1!1.0+local" }])
      const { requests, url } = yield* WheelDirectory.serve(index)
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/simple$/)
      const page = yield* Effect.promise(() => fetch(`${url}/greet/`))
      assert.strictEqual(page.headers.get("content-type"), "text/html")
      const [link] = linksOf(yield* Effect.promise(() => page.text()))
      const wheel = yield* Effect.promise(() => fetch(new URL(link!.href!, page.url)))
      const bytes = new Uint8Array(yield* Effect.promise(() => wheel.arrayBuffer()))
      assert.strictEqual(`#sha256=${sha256(bytes)}`, new URL(link!.href!, page.url).hash)
      assert.strictEqual((yield* Effect.promise(() => fetch(`${url}/nowhere/`))).status, 404)
      assert.deepStrictEqual(yield* requests, [
        "GET /simple/greet/",
        "GET /wheels/greet-1!1.0%2Blocal-py3-none-any.whl",
        "GET /simple/nowhere/"
      ])
    }).pipe(Effect.scoped, Effect.provide(serverLayer)))
})
