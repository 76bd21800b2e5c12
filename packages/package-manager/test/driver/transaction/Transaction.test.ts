import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { type PlatformError, SystemError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Events from "../../../src/driver/Events.js"
import * as Journal from "../../../src/driver/transaction/Journal.js"
import { makeTransaction } from "../../../src/driver/transaction/Transaction.js"
import * as Output from "../../../src/Output.js"

const make = (ended: Array<string> = []) =>
  makeTransaction({
    end: (marker) => Effect.sync(() => ended.push(marker) > 0),
    endRecorded: () => Effect.void,
    record: () => (effect) => effect
  })

const setting = Effect.fnUntraced(function*(files: Readonly<Record<string, string>>) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* directoryWith({ ".darb/.gitignore": "*\n", ...files })
  const change = {
    operation: "install",
    environment: directory,
    marker: "m",
    stateDirectory: `${directory}/.darb`,
    files: [`${directory}/a`, `${directory}/b`],
    creates: [`${directory}/made`]
  }
  return {
    change,
    directory,
    fs,
    write: (name: string, text: string) => fs.writeFileString(`${directory}/${name}`, text)
  }
})

const journal = (directory: string) => `${directory}/.darb/journal`

describe("transaction", () => {
  it.scoped("what succeeds stays, and leaves no journal", () =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({ a: "old" })
      const { transactional } = yield* make()
      yield* transactional(change)(Effect.gen(function*() {
        assert.isTrue(yield* fs.exists(journal(directory)))
        yield* write("a", "new")
        yield* write("b", "new")
      }))
      assert.deepInclude(yield* filesOf(directory), { a: "new", b: "new" })
      assert.isFalse(yield* fs.exists(journal(directory)))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped.each(
    [
      ["fails", Effect.fail("no")],
      ["dies", Effect.die("no")],
      ["is interrupted", Effect.interrupt]
    ] as const
  )("what %s is undone: bytes, modes, absence, and what was made", ([, end]) =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({ a: "old\r\n\u0000é" })
      yield* fs.chmod(`${directory}/a`, 0o600)
      const before = yield* filesOf(directory)
      const { transactional } = yield* make()
      const events: Array<Output.Event> = []
      const exit = yield* Effect.gen(function*() {
        yield* write("a", "new")
        yield* fs.chmod(`${directory}/a`, 0o644)
        yield* write("b", "new")
        yield* fs.makeDirectory(`${directory}/made/deep`, { recursive: true })
        yield* end
      }).pipe(
        transactional(change),
        Events.within(change),
        Output.observe((event) => Effect.sync(() => events.push(event))),
        Effect.exit
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(yield* filesOf(directory), before)
      assert.strictEqual((yield* fs.stat(`${directory}/a`)).mode & 0o777, 0o600)
      assert.deepStrictEqual(events.map((event) => ({ ...event })), [
        { _tag: "Restored", operation: "install", environment: directory, id: "m", files: change.files }
      ])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("what was there before is not what was made", () =>
    Effect.gen(function*() {
      const { change, directory } = yield* setting({ "made/mine": "x" })
      const { transactional } = yield* make()
      yield* Effect.exit(transactional(change)(Effect.fail("no")))
      assert.deepInclude(yield* filesOf(directory), { "made/mine": "x" })
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a link to nothing was there before, and so was a link to it", () =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({})
      yield* fs.symlink("/nowhere/at/all", `${directory}/made`)
      yield* fs.symlink("second", `${directory}/a`)
      yield* fs.symlink("third", `${directory}/second`)
      const { transactional } = yield* make()
      yield* Effect.exit(transactional(change)(Effect.zipRight(write("a", "new"), Effect.fail("no"))))
      assert.strictEqual(yield* fs.readLink(`${directory}/made`), "/nowhere/at/all")
      assert.strictEqual(yield* fs.readLink(`${directory}/second`), "third")
      assert.isFalse(yield* fs.exists(`${directory}/third`))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a link to nothing stays one", () =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({})
      yield* fs.symlink("elsewhere", `${directory}/a`)
      const { transactional, remove } = yield* make()
      yield* Effect.exit(transactional(change)(Effect.zipRight(write("a", "new"), Effect.fail("no"))))
      assert.strictEqual(yield* fs.readLink(`${directory}/a`), "elsewhere")
      assert.isFalse(yield* fs.exists(`${directory}/elsewhere`))
      yield* write("elsewhere", "x")
      yield* remove(`${directory}/a`)
      assert.strictEqual(yield* fs.readLink(`${directory}/a`), "elsewhere")
      assert.isFalse(yield* fs.exists(`${directory}/elsewhere`))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a link stays a link, and what it points at is put back", () =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({ "elsewhere/real": "old" })
      yield* fs.symlink(`${directory}/elsewhere/real`, `${directory}/a`)
      const { transactional, replace } = yield* make()
      yield* Effect.exit(transactional(change)(Effect.zipRight(write("a", "new"), Effect.fail("no"))))
      assert.strictEqual(yield* fs.readFileString(`${directory}/elsewhere/real`), "old")
      yield* replace(`${directory}/a`, new TextEncoder().encode("newer"))
      assert.strictEqual(yield* fs.readFileString(`${directory}/elsewhere/real`), "newer")
      assert.strictEqual(yield* fs.readLink(`${directory}/a`), `${directory}/elsewhere/real`)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("what a program that died has left is undone once, after its processes have ended", () =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({ a: "old" })
      const before = yield* filesOf(directory)
      const ended: Array<string> = []
      const { isUnfinished, transactional, recover } = yield* make(ended)
      assert.isFalse(yield* isUnfinished(change.stateDirectory))
      const state = yield* transactional(change)(filesOf(change.stateDirectory))
      yield* fs.remove(`${change.stateDirectory}/done`)
      for (const [name, text] of Object.entries(state)) {
        yield* fs.writeFileString(`${change.stateDirectory}/${name}`, text)
      }
      yield* write("a", "half")
      yield* write("b", "new")
      assert.isTrue(yield* isUnfinished(change.stateDirectory))

      const events: Array<Output.Event> = []
      yield* recover(change.stateDirectory).pipe(
        Events.within({ operation: "list", environment: directory, marker: "another" }),
        Output.observe((event) => Effect.sync(() => events.push(event)))
      )
      assert.deepStrictEqual(yield* filesOf(directory), before)
      assert.deepStrictEqual(ended, ["m"])
      // The operation whose process died, not the one that found it.
      assert.deepStrictEqual(events.map((event) => ({ ...event })), [
        { _tag: "Restored", operation: "install", environment: directory, id: "m", files: change.files }
      ])
      yield* write("a", "mine")
      yield* recover(change.stateDirectory)
      assert.deepInclude(yield* filesOf(directory), { a: "mine" })
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("what cannot be put back is tried again by the next operation", () =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({ "a": "old" })
      const { isUnfinished, transactional, recover } = yield* make()
      const exit = yield* Effect.exit(
        transactional(change)(Effect.gen(function*() {
          yield* fs.remove(`${directory}/a`)
          // A directory in place of the file: neither can it be read nor replaced.
          yield* fs.makeDirectory(`${directory}/a/x`, { recursive: true })
          yield* Effect.fail("the first error")
        }))
      )
      assert.deepStrictEqual(exit, Exit.fail("the first error"))
      assert.isTrue(yield* isUnfinished(change.stateDirectory))
      yield* fs.remove(`${directory}/a`, { recursive: true })
      yield* recover(change.stateDirectory)
      assert.strictEqual(yield* fs.readFileString(`${directory}/a`), "old")
      yield* write("a", "end")
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("what is put back needs no space on the disk", () =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({ a: "old" })
      yield* fs.chmod(`${directory}/a`, 0o600)
      const before = yield* filesOf(directory)
      let isFull = false
      const full = new SystemError({
        reason: "Unknown",
        module: "FileSystem",
        method: "writeFile",
        pathOrDescriptor: ""
      })
      const writeFile = (...args: Parameters<typeof fs.writeFile>) => isFull ? Effect.fail(full) : fs.writeFile(...args)
      const { transactional } = yield* Effect.provideService(make(), FileSystem.FileSystem, { ...fs, writeFile })
      const exit = yield* Effect.exit(
        transactional(change)(Effect.andThen(
          write("a", "longer than before"),
          Effect.suspend(() => {
            isFull = true
            return Effect.fail("no")
          })
        ))
      )
      assert.deepStrictEqual(exit, Exit.fail("no"))
      assert.deepStrictEqual(yield* filesOf(directory), before)
      assert.strictEqual((yield* fs.stat(`${directory}/a`)).mode & 0o777, 0o600)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("what was moved away meanwhile has not succeeded, and is undone where it is", () =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({ a: "old" })
      const { transactional, recover } = yield* make()
      const exit = yield* Effect.exit(
        transactional(change)(Effect.andThen(write("a", "new"), fs.rename(directory, `${directory}-moved`)))
      )
      assert.isTrue(Exit.isFailure(exit))
      yield* fs.rename(`${directory}-moved`, directory)
      yield* recover(change.stateDirectory)
      assert.strictEqual(yield* fs.readFileString(`${directory}/a`), "old")
    }).pipe(Effect.provide(NodeContext.layer)))

  const withJournal = Effect.fnUntraced(function*(
    change: { readonly stateDirectory: string },
    files: Readonly<Record<string, string>>
  ) {
    const fs = yield* FileSystem.FileSystem
    for (const [name, text] of Object.entries(files)) {
      yield* fs.writeFileString(`${change.stateDirectory}/${name}`, text)
    }
  })

  it.scoped.each(
    [
      ["an empty copy", { "copy-0": "" }],
      ["another copy", { "copy-0": "odd" }],
      ["an empty journal", { journal: "" }],
      ["a journal of an unknown version", { journal: "{\"version\":99}" }],
      ["a journal without hashes", {
        journal:
          "{\"version\":2,\"operation\":\"install\",\"marker\":\"m\",\"files\":[{\"file\":\"/a\",\"copy\":\"copy-0\"}],\"created\":[]}"
      }]
    ] as const
  )("%s is not restored from, and nothing is removed", ([, damage]) =>
    Effect.gen(function*() {
      const { change, directory, write } = yield* setting({ a: "old" })
      const { committed, transactional, recover } = yield* make()
      yield* withJournal(change, yield* transactional(change)(filesOf(change.stateDirectory)))
      yield* withJournal(change, damage)
      yield* write("a", "half")
      yield* write("b", "new")
      yield* write("made", "x")
      const before = yield* filesOf(directory)
      for (const effect of [recover(change.stateDirectory), committed(change.stateDirectory)]) {
        const error = yield* Effect.flip<unknown, PlatformError, never>(effect)
        assert.deepInclude({ ...error }, { _tag: "SystemError", reason: "InvalidData" })
        assert.include(error.message, `in ${change.stateDirectory}`)
        assert.deepStrictEqual(yield* filesOf(directory), before)
      }
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a copy that is gone is no reason to leave a changed file", () =>
    Effect.gen(function*() {
      const { change, directory, fs, write } = yield* setting({ a: "old" })
      const { transactional, recover } = yield* make()
      yield* withJournal(change, yield* transactional(change)(filesOf(change.stateDirectory)))
      yield* fs.remove(`${change.stateDirectory}/copy-0`)
      yield* fs.remove(`${change.stateDirectory}/done`)
      yield* write("a", "half")
      yield* write("b", "new")
      assert.isTrue(Exit.isFailure(yield* Effect.exit(recover(change.stateDirectory))))
      assert.deepInclude(yield* filesOf(directory), { a: "half", b: "new" })
      // An earlier attempt had restored it.
      yield* write("a", "old")
      yield* recover(change.stateDirectory)
      assert.deepStrictEqual(yield* filesOf(directory), {
        ".darb": "(Directory)",
        ".darb/.gitignore": "*\n",
        "a": "old"
      })
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped.each(["litter", "temporaryFiles"])(
    "a journal of version 1 with %s is rolled back",
    (key) =>
      Effect.gen(function*() {
        const { change, directory, write } = yield* setting({ a: "half", ".lock.x": "mine", ".lock.y": "left" })
        const { recover } = yield* make()
        yield* withJournal(change, {
          "copy-0": "old",
          "journal": JSON.stringify({
            version: 1,
            operation: "install",
            marker: "m",
            files: [{ file: `${directory}/a`, copy: "copy-0" }, { file: `${directory}/b`, copy: null }],
            created: [`${directory}/made`],
            [key]: { directory, pattern: "^\\.lock\\.", present: [".lock.x"] }
          })
        })
        yield* write("made", "x")
        yield* recover(change.stateDirectory)
        const after = yield* filesOf(directory)
        assert.deepStrictEqual(after, {
          ".darb": "(Directory)",
          ".darb/.gitignore": "*\n",
          "a": "old",
          ".lock.x": "mine"
        })
      }).pipe(Effect.provide(NodeContext.layer))
  )

  it.scoped("copies and journal are on the disk before the effect runs", () =>
    Effect.gen(function*() {
      const { change, directory, fs } = yield* setting({ a: "old" })
      const synced: Array<string> = []
      const open: typeof fs.open = (file, options) =>
        Effect.map(fs.open(file, options), (opened) =>
          new Proxy(opened, {
            get: (target, key) => {
              if (key === "sync") synced.push(file.slice(directory.length))
              return Reflect.get(target, key, target)
            }
          }))
      const rename: typeof fs.rename = (from, to) => {
        synced.push(`renamed to ${to.slice(directory.length)}`)
        return fs.rename(from, to)
      }
      const { transactional } = yield* Effect.provideService(make(), FileSystem.FileSystem, { ...fs, open, rename })
      const [first, second, ...later] = yield* transactional(change)(Effect.sync(() => [...synced]))
      assert.sameMembers([first, second], ["/.darb/copy-0", "/.darb/journal.new"])
      assert.deepStrictEqual(later, ["renamed to /.darb/journal", "/.darb"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it("a journal is read as it was written, and other things are no journals", () => {
    const written: Journal.Journal = {
      version: 2,
      operation: "install",
      marker: "m",
      files: [{ file: "/a", copy: "copy-0", size: 0, sha256: "0" }, { file: "/b", copy: null }],
      created: ["/c"]
    }
    assert.deepStrictEqual(Journal.decode(Journal.encode(written)), written)
    for (const text of ["", "{", "{}", "{\"version\":2}", "null"]) {
      assert.isUndefined(Journal.decode(new TextEncoder().encode(text)))
    }
  })
})
