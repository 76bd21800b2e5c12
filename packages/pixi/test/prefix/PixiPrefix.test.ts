import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import { execFileSync } from "node:child_process"
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as PixiPrefix from "../../src/prefix/PixiPrefix.js"

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
  build: "h1_0"
})

const list = (directory: string) => Effect.flatMap(PixiPrefix.open(directory), PixiPrefix.list)

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

  it.effect("knows packages by the names of their records, however long these are", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const { build, files, name, version, ...rest } = record("a")
        write("conda-meta/a-b-1.10-h1_0.json", JSON.stringify({ files, ...rest, version, name, build }))
        write("conda-meta/c-1.10-h1_0.json", JSON.stringify({ ...record("c"), depends: Array(20_000).fill("é") }))
        write("conda-meta/d-1.10-.json", ` ${JSON.stringify(record("d"), null, 2)}\n`)
        const expected = [conda("a-b"), conda("c"), { ...conda("d"), build: "" }]
        assert.deepStrictEqual(yield* PixiPrefix.read(directory), expected)
        assert.deepStrictEqual(yield* list(directory), expected)
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
          build: null
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

  it.effect("names the record that is damaged, whatever it was before", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const file = "conda-meta/a-1.10-h1_0.json"
        const whole = JSON.stringify(record("a"), null, 2)
        const long = JSON.stringify({ ...record("a"), depends: Array(20_000).fill("é") })
        for (
          const content of [
            ...["", "{", "null", "[]", whole.slice(0, 100), whole.slice(0, -1), `\0\0${whole.slice(2)}`],
            ...[long.slice(0, -1), `[${long}`, "\0".repeat(whole.length), "[".repeat(1_000_000)],
            `{"a":${"[".repeat(1_000_000)}`
          ]
        ) {
          write(file, content.startsWith("\0") ? whole : long)
          // A file that has not changed for a while is remembered.
          yield* fs.utimes(join(directory, file), 1000, 1000)
          assert.deepStrictEqual(yield* PixiPrefix.read(directory), [conda("a")])
          write(file, content)
          assert.deepStrictEqual(yield* failure(directory), { file, reason: "it is not a whole record of a package" })
          assert.deepStrictEqual(yield* list(directory), [conda("a")])
        }
        write(file, whole)
        write("conda-meta/a.json", whole)
        assert.strictEqual((yield* failure(directory)).file, "conda-meta/a.json")
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
        assert.strictEqual((yield* Effect.flip(PixiPrefix.read(join(directory, "file")))).file, join(directory, "file"))
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
              write("conda-meta/a-1.10-h1_0.json", bytes.subarray(0, end % 3 === 0 ? end % bytes.length : bytes.length))
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
