import * as FileHead from "@darb/python/FileHead"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"

/** A file that was written long ago, and how often it is read. */
const prepare = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.makeTempDirectoryScoped()
  const file = `${directory}/record.json`
  const write = (text: string, time: number) =>
    Effect.andThen(fs.writeFileString(file, text), fs.utimes(file, time, time))
  yield* write("one", 1000)
  let count = 0
  const read = FileHead.remembering((file: string) =>
    Effect.flatMap(FileSystem.FileSystem, (fs) => {
      count++
      return fs.readFileString(file)
    })
  )
  const texts = (files: ReadonlyArray<string>) => Effect.map(read(files), (found) => found.map(Either.getOrNull))
  return { count: () => count, file, fs, texts, write }
})

it.scopedLive("reads a file again only if it has changed, even in place", () =>
  Effect.gen(function*() {
    const { count, file, fs, texts, write } = yield* prepare
    assert.deepStrictEqual(yield* texts([file]), ["one"])
    assert.deepStrictEqual(yield* texts([file]), ["one"])
    assert.strictEqual(count(), 1)
    yield* write("two", 2000)
    assert.deepStrictEqual(yield* texts([file]), ["two"])
    assert.strictEqual(count(), 2)
    yield* fs.remove(file)
    assert.deepStrictEqual(yield* texts([file, `${file}.absent`]), [null, null])
  }).pipe(Effect.provide(NodeContext.layer)))

it.scopedLive("reads a young file each time, since it can change without a new time", () =>
  Effect.gen(function*() {
    const { count, file, fs, texts } = yield* prepare
    yield* fs.writeFileString(file, "new")
    assert.deepStrictEqual(yield* texts([file]), ["new"])
    assert.deepStrictEqual(yield* texts([file]), ["new"])
    assert.strictEqual(count(), 2)
  }).pipe(Effect.provide(NodeContext.layer)))

it.scopedLive("believes another file system, and not the files of this machine at the same paths", () =>
  Effect.gen(function*() {
    const { count, file, fs, texts } = yield* prepare
    const { ino, ...info } = yield* fs.stat(file)
    const elsewhere = (text: string) =>
      Effect.provideService(texts([file]), FileSystem.FileSystem, {
        ...fs,
        stat: () => Effect.succeed({ ...info, ino: Option.map(ino, (ino) => ino + 1) }),
        readFileString: () => Effect.succeed(text)
      })
    assert.deepStrictEqual(yield* elsewhere("far"), ["far"])
    assert.deepStrictEqual(yield* elsewhere("changed"), ["changed"])
    assert.strictEqual(count(), 2)
  }).pipe(Effect.provide(NodeContext.layer)))
