import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import { execFileSync } from "node:child_process"
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as PixiPrefix from "../../src/prefix/PixiPrefix.js"
import * as PixiPrefixRecord from "../../src/prefix/PixiPrefixRecord.js"

const channel = "https://conda.anaconda.org/conda-forge"

const record = (name: string, more: object = {}) => ({
  build: "h1_0",
  build_number: 0,
  depends: ["python >=3.9", "a \"quoted\" [text] {of} kinds\\"],
  name,
  noarch: null,
  size: 12,
  version: "1.10",
  url: `${channel}/noarch/${name}-1.10-h1_0.conda`,
  channel: `${channel}/`,
  files: Array.from({ length: 200 }, (_, at) => `lib/${name}/${at}.py`),
  ...more
})

const inDirectory = <A, E>(
  test: (
    directory: string,
    write: (file: string, content: string | Uint8Array) => void
  ) => Effect.Effect<A, E, NodeContext.NodeContext>
) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const directory = yield* fs.makeTempDirectoryScoped({ prefix: "darb-prefix-" })
    return yield* test(directory, (file, content) => {
      mkdirSync(dirname(join(directory, file)), { recursive: true })
      writeFileSync(join(directory, file), content)
    })
  }).pipe(Effect.scoped, Effect.provide(NodeContext.layer))

const conda = (name: string): PixiPrefix.LinkedPackage => ({
  kind: "conda",
  name,
  version: "1.10",
  build: "h1_0",
  channel
})

const failure = (directory: string) =>
  Effect.map(
    Effect.flip(PixiPrefix.read(directory)),
    ({ file, reason }) => ({ file: file.slice(directory.length + 1), reason })
  )

describe("PixiPrefix.read", () => {
  it.effect("reads the records of conda packages, and nothing else beside them", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        for (const name of ["zlib", "numpy", "python"]) {
          write(`conda-meta/${name}-1.10-h1_0.json`, JSON.stringify(record(name), null, 2))
        }
        write("conda-meta/history", "// not relevant for pixi but for `conda run -p`")
        write("conda-meta/pixi", "{}")
        write("conda-meta/.pixi-environment-fingerprint", "pixi:installing!")
        assert.deepStrictEqual(yield* PixiPrefix.read(directory), [conda("numpy"), conda("python"), conda("zlib")])
      })
    ))

  it.effect("reads records whatever the order of their keys, and however long they are", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const { build, files, name, version, ...rest } = record("a")
        write("conda-meta/a.json", JSON.stringify({ files, ...rest, version, name, build }))
        write(
          "conda-meta/b.json",
          JSON.stringify({ ...record("b"), depends: Array(2000).fill("é") })
        )
        write("conda-meta/c.json", JSON.stringify({ nested: [[[{ name: "no" }]], { name: "no" }], ...record("c") }))
        write("conda-meta/d.json", JSON.stringify({ ...record("d"), channel: null }))
        const { channel: _, ...without } = record("e")
        write("conda-meta/e.json", JSON.stringify(without))
        assert.deepStrictEqual(yield* PixiPrefix.read(directory), [
          conda("a"),
          conda("b"),
          conda("c"),
          { ...conda("d"), channel: null },
          { ...conda("e"), channel: null }
        ])
      })
    ))

  it.effect("reads the Python packages that pixi installed, once", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const site = "lib/python3.12/site-packages"
        for (
          const [name, installer] of [["Flask_Login", "uv-pixi"], ["click", "pixi\n"], ["numpy", "conda"], [
            "pip",
            "pip"
          ]]
        ) {
          write(`${site}/${name}-1.10.dist-info/INSTALLER`, installer ?? "")
          write(
            `${site}/${name}-1.10.dist-info/METADATA`,
            `Metadata-Version: 2.1\r\nName: ${name}\r\nVersion: 1.10\r\n\r\nName: no\r\nVersion: no\r\n`
          )
        }
        write(`${site}/long-1.0.dist-info/INSTALLER`, "uv-pixi")
        write(
          `${site}/long-1.0.dist-info/METADATA`,
          `Metadata-Version: 2.1\n${"Classifier: é\n".repeat(2000)}Name: long\nVersion: 1.0`
        )
        write(`${site}/none-1.0.dist-info/METADATA`, "Name: none\nVersion: 1.0\n")
        write(`${site}/click/__init__.py`, "")
        symlinkSync("python3.12", join(directory, "lib", "python3.1"))
        const pypi = (name: string, version: string): PixiPrefix.LinkedPackage => ({
          kind: "pypi",
          name,
          version,
          build: null,
          channel: null
        })
        assert.deepStrictEqual(yield* PixiPrefix.read(directory), [
          pypi("click", "1.10"),
          pypi("flask-login", "1.10"),
          pypi("long", "1.0")
        ])
      })
    ))

  it.effect("finds nothing where nothing is", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* PixiPrefix.read(join(directory, "none")), [])
        assert.deepStrictEqual(yield* PixiPrefix.read(directory), [])
        write("conda-meta/history", "")
        write("lib/libz.so", "")
        assert.deepStrictEqual(yield* PixiPrefix.read(directory), [])
      })
    ))

  it.effect("names the file that is not a record", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const file = "conda-meta/a.json"
        for (
          const [content, reason] of [
            ["", /JSON/],
            ["{", /JSON/],
            [JSON.stringify(record("a")).slice(0, 100), /JSON/],
            ["[]", /actual \[\]$/],
            ["null", /actual null$/],
            ["{}", /at name: is missing$/],
            [JSON.stringify({ ...record("a"), version: 1.1 }), /at version: Expected string, actual 1.1$/],
            [JSON.stringify({ ...record("a"), build: null }), /at build: Expected string, actual null$/],
            [JSON.stringify({ ...record("a"), channel: [] }), /at channel: Expected .*, actual \[\]$/],
            [JSON.stringify({ ...record("a"), name: "" }), /at name: Expected a non empty string, actual ""$/],
            [
              "{\"__proto__\": {\"name\": \"a\", \"version\": \"1\", \"build\": \"0\", \"channel\": null}}",
              /at name: is missing$/
            ],
            [Buffer.from([0x7b, 0x22, 0xff, 0x22]), /^it is not UTF-8$/],
            ["[".repeat(1_000_000), /JSON/],
            [`{"a":${"[".repeat(1_000_000)}`, /JSON/]
          ] as const
        ) {
          write(file, content)
          const error = yield* failure(directory)
          assert.strictEqual(error.file, file)
          assert.match(error.reason, reason)
        }
      })
    ))

  it.live("fails for what is no file, and does not wait for it", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        write("conda-meta/history", "")
        const place = join(directory, "conda-meta", "a.json")
        const fs = yield* FileSystem.FileSystem
        const kinds: ReadonlyArray<() => void> = [
          () => mkdirSync(place),
          () => execFileSync("mkfifo", [place]),
          () => symlinkSync("a.json", place),
          () => symlinkSync("/dev/zero", place),
          () => symlinkSync("nowhere", place)
        ]
        for (const make of kinds) {
          make()
          const error = yield* failure(directory).pipe(Effect.timeout("5 seconds"))
          assert.strictEqual(error.file, "conda-meta/a.json")
          yield* fs.remove(place, { recursive: true })
        }
        write("file", "")
        assert.strictEqual((yield* failure(join(directory, "file"))).file, "conda-meta")
        yield* Effect.flip(PixiPrefix.read(`${directory}\0`))
      })
    ))

  it.effect("leads to a value or an error, whatever bytes are in the record", () =>
    inDirectory((directory, write) =>
      Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(
            FastCheck.array(FastCheck.tuple(FastCheck.nat(), FastCheck.nat({ max: 255 })), { maxLength: 6 }),
            FastCheck.nat(),
            async (edits, end) => {
              const bytes = Buffer.from(JSON.stringify(record("a"), null, 2))
              for (const [at, byte] of edits) bytes[at % 600] = byte
              write("conda-meta/a.json", bytes.subarray(0, end % 3 === 0 ? end % bytes.length : bytes.length))
              const read = PixiPrefix.read(directory).pipe(Effect.provide(NodeContext.layer))
              const exit = await Effect.runPromiseExit(read)
              if (Exit.isFailure(exit)) assert.strictEqual(exit.cause._tag, "Fail")
            }
          ),
          { numRuns: 300 }
        )
      )
    ))
})

describe("the head of a record", () => {
  it("has the members of the record alone, however it is laid out", () => {
    const no = "\n  \"name\": \"no\",\n  \"version\": \"no\",\n  \"build\": \"no\",\n  \"channel\": null"
    for (
      const head of [`{\n"a": {${no},\n  "b`, `{\n"a": [{${no},\n  "b`, `{\n"a": {${no}},\n  "b`, `{"a": "${no},\n  "b`]
    ) {
      assert.isTrue(Option.isNone(PixiPrefixRecord.decodeHead(head)), head)
    }
    assert.isTrue(Option.isSome(PixiPrefixRecord.decodeHead(`{${no},\n  "files": [\n    "a`)))
  })

  it("tells what the whole tells, or nothing", () => {
    let told = 0
    const json = FastCheck.json({ maxDepth: 3 }).map((text): unknown => JSON.parse(text))
    FastCheck.assert(
      FastCheck.property(
        FastCheck.dictionary(FastCheck.string(), json),
        FastCheck.record(
          {
            name: FastCheck.string(),
            version: FastCheck.fullUnicodeString(),
            build: FastCheck.string(),
            channel: json
          },
          { requiredKeys: ["name", "version", "build"] }
        ),
        FastCheck.boolean(),
        FastCheck.nat(),
        (others, wanted, isIndented, length) => {
          const whole = { ...others, ...wanted, files: [] }
          const text = JSON.stringify(whole, null, isIndented ? 2 : 0)
          const head = PixiPrefixRecord.decodeHead(
            text.slice(0, length % 3 === 0 ? length % (text.length + 1) : undefined)
          )
          if (Option.isNone(head)) return
          told++
          assert.deepStrictEqual(PixiPrefixRecord.decode(text), Either.right(head.value))
        }
      ),
      { numRuns: 2000 }
    )
    assert.isAbove(told, 100)
  })
})
