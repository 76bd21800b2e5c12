import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Delivery from "../../src/driver/Delivery.js"
import type { Operation } from "../../src/driver/Operation.js"
import { makeIsolation } from "../../src/driver/transaction/Isolation.js"
import { makeTransaction } from "../../src/driver/transaction/Transaction.js"

const setting = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* directoryWith({ "environment/manifest": "", "records/other": "" })
  const environment = `${directory}/environment`
  const transaction = yield* makeTransaction({
    end: () => Effect.succeed(true),
    endRecorded: () => Effect.void,
    record: () => (effect) => effect
  })
  const isolation = yield* makeIsolation(transaction, {}, { recover: () => Effect.void })
  const operation: Operation = { manager: "m", operation: "install", environment, marker: "attempt" }
  let count = 0
  const scope = { files: [`${environment}/manifest`] }
  const work = Effect.gen(function*() {
    yield* fs.writeFileString(`${environment}/manifest`, `written ${++count}`)
    return `result ${count}`
  })
  const record = `${directory}/records/job`
  const delivery: Delivery.Delivery = {
    marker: "attempt",
    record,
    encode: (result) => Effect.succeed(JSON.stringify(result)),
    decode: (text) => Option.some(JSON.parse(text))
  }
  const isolated = <A>(effect: Effect.Effect<A, string>) =>
    Effect.provideService(
      isolation.exclusively(operation, Effect.void, isolation.transactional(operation, scope)(effect)),
      Delivery.Current,
      delivery
    )
  return { directory, environment, fs, isolated, record, work: Effect.orDie(work) }
})

describe("delivery", () => {
  it.scoped("of a committed operation returns its result and does nothing", () =>
    Effect.gen(function*() {
      const { environment, fs, isolated, work } = yield* setting
      assert.strictEqual(yield* isolated(work), "result 1")
      assert.strictEqual(yield* isolated(work), "result 1")
      assert.strictEqual(yield* fs.readFileString(`${environment}/manifest`), "written 1")
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("of an operation that failed does it again", () =>
    Effect.gen(function*() {
      const { fs, isolated, record, work } = yield* setting
      yield* Effect.flip(isolated(Effect.andThen(work, Effect.fail("no"))))
      assert.isFalse(yield* fs.exists(record))
      assert.strictEqual(yield* isolated(work), "result 2")
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("of an operation that died before its commit rolls it back and does it again", () =>
    Effect.gen(function*() {
      const { directory, environment, fs, isolated, record, work } = yield* setting
      let state: Readonly<Record<string, string>> = {}
      const readState = filesOf(environment).pipe(
        Effect.map((files) => state = files),
        Effect.provideService(FileSystem.FileSystem, fs),
        Effect.orDie
      )
      yield* isolated(Effect.tap(work, () => readState))
      // As if the process had died between the record of the result and the removal of the journal.
      yield* fs.makeDirectory(`${environment}/.darb`)
      for (const [name, text] of Object.entries(state)) {
        if (/^\.darb.(journal|copy)/.test(name)) yield* fs.writeFileString(`${environment}/${name}`, text)
      }
      assert.isTrue(yield* fs.exists(record))
      assert.strictEqual(yield* isolated(work), "result 2")
      assert.strictEqual(yield* fs.readFileString(`${environment}/manifest`), "written 2")
      assert.strictEqual(yield* fs.readFileString(`${directory}/records/other`), "")
    }).pipe(Effect.provide(NodeContext.layer)))
})
