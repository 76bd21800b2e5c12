/** Checks the laws on the toy driver, and its executable as a process. */
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import { fileURLToPath } from "node:url"
import * as Laws from "../../src/laws/Laws.js"
import { onDisk } from "../../src/laws/Subject.js"
import * as Toy from "./Toy.js"

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))

const executable = pathOf("toy.js")

/** A toy manager whose index has the packages of the laws. */
const toy = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const index = yield* fs.makeTempFileScoped({ prefix: "toy-index-" })
  yield* fs.writeFileString(index, JSON.stringify(Laws.examples))
  const options = { executable, environment: { TOY_INDEX: index } }
  const context = yield* Effect.context<Effect.Effect.Context<ReturnType<typeof Toy.make>>>()
  const disk = yield* onDisk
  const subject: Laws.Subject = {
    ...disk,
    manager: yield* Toy.make(options),
    rooted: (root) => Effect.provide(Toy.make({ ...options, root }), context),
    init: {},
    // A rollback does not restore the prefix.
    snapshot: Effect.fnUntraced(function*(path) {
      const files: Readonly<Record<string, string>> = yield* disk.snapshot?.(path) ?? Effect.succeed({})
      return Record.remove(files, ".toy")
    })
  }
  return subject
})

describe("a toy driver", () => {
  for (const law of Laws.all) {
    it.scopedLive(law.name, ({ skip }) =>
      Effect.gen(function*() {
        const absent = law.absent(Toy.capabilities)
        if (absent !== undefined) return skip(absent)
        yield* law.check(yield* toy)
      }).pipe(Effect.provide(NodeContext.layer)), 120_000)
  }
})

it.effect("CONTRIBUTING.md quotes the toy driver and its test", () =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const document = yield* fs.readFileString(pathOf("../../../../CONTRIBUTING.md"))
    const sources = yield* Effect.forEach(["Toy.ts", "Toy.test.ts"], (file) => fs.readFileString(pathOf(file)))
    const quotes = [...document.matchAll(/```ts\n([^]*?)```/g)].map(([, quote = ""]) => quote)
    assert.isAbove(quotes.length, 3)
    assert.deepStrictEqual(quotes.filter((quote) => !sources.some((source) => source.includes(quote))), [])
  }).pipe(Effect.provide(NodeContext.layer)))
