import { directoryWith } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeRead } from "../../../src/driver/transaction/Contents.js"

/** A file, which was written long ago if `isOld`, as a change finds it. */
const prepare = Effect.fnUntraced(function*(isOld: boolean) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* directoryWith({ a: "one" })
  const file = `${directory}/a`
  if (isOld) yield* fs.utimes(file, 1000, 1000)
  const { isUnchanged } = yield* (yield* makeRead)(directory, [file, `${directory}/absent`])
  return { directory, file, fs, isUnchanged }
})

describe("isUnchanged", () => {
  it.scopedLive("a file that was written long ago is unchanged until its time changes", () =>
    Effect.gen(function*() {
      const { file, fs, isUnchanged } = yield* prepare(true)
      assert.isTrue(yield* isUnchanged(file))
      yield* fs.writeFileString(file, "two")
      assert.isFalse(yield* isUnchanged(file))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("another file with the same size and time has changed", () =>
    Effect.gen(function*() {
      const { file, fs, isUnchanged } = yield* prepare(true)
      yield* fs.writeFileString(`${file}.new`, "two")
      yield* fs.utimes(`${file}.new`, 1000, 1000)
      yield* fs.rename(`${file}.new`, file)
      assert.isFalse(yield* isUnchanged(file))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("of a young file, of one that is absent and of any other nothing is sure", () =>
    Effect.gen(function*() {
      const { directory, file, isUnchanged } = yield* prepare(false)
      for (const name of [file, `${directory}/absent`, `${directory}/other`]) {
        assert.isFalse(yield* isUnchanged(name))
      }
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("a file that is gone has changed", () =>
    Effect.gen(function*() {
      const { file, fs, isUnchanged } = yield* prepare(true)
      yield* fs.remove(file)
      assert.isFalse(yield* isUnchanged(file))
    }).pipe(Effect.provide(NodeContext.layer)))
})
