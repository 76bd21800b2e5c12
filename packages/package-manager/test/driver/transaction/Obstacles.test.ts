import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import type { SystemError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { execFileSync } from "node:child_process"
import { makeIsolation } from "../../../src/driver/transaction/Isolation.js"
import { Busy } from "../../../src/driver/transaction/Owner.js"
import { makeTransaction } from "../../../src/driver/transaction/Transaction.js"

/** A pipe that nobody writes to or reads from. */
const pipe = (file: string) => Effect.sync(() => execFileSync("mkfifo", [file]))

const setting = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const root = yield* directoryWith({ "env/a": "old", "else/b": "mine" })
  const environment = `${root}/env`
  const transaction = yield* makeTransaction({
    end: () => Effect.succeed(true),
    endRecorded: () => Effect.void,
    record: () => (effect) => effect
  })
  const isolation = yield* makeIsolation(transaction, {}, { recover: () => Effect.void })
  const operation = { manager: "uv", operation: "install" as const, environment, marker: "m" }
  const change = isolation.exclusively(
    operation,
    fs.stat(environment),
    isolation.transactional(operation, { files: [`${environment}/a`] })(fs.writeFileString(`${environment}/a`, "new"))
  )
  return { change, environment, fs, isolation, operation, root }
})

type Setting = Effect.Effect.Success<typeof setting>

const inState = (make: (state: string, setting: Setting) => Effect.Effect<unknown, unknown>) => (setting: Setting) =>
  Effect.andThen(
    setting.fs.makeDirectory(`${setting.environment}/.darb`),
    make(`${setting.environment}/.darb`, setting)
  )

describe("obstacles", () => {
  it.scopedLive.each<[string, (setting: Setting) => Effect.Effect<unknown, unknown>, RegExp]>([
    [
      "a link to nothing as the state directory",
      ({ environment, fs, root }) => fs.symlink(`${root}/nowhere`, `${environment}/.darb`),
      /\.darb: its name is for own files \(a link to .*nowhere\)/
    ],
    [
      "a link to a directory as the state directory",
      ({ environment, fs, root }) => fs.symlink(`${root}/else`, `${environment}/.darb`),
      /a link to .*else/
    ],
    [
      "a link to a file as the state directory",
      ({ environment, fs, root }) => fs.symlink(`${root}/else/b`, `${environment}/.darb`),
      /a link to .*b/
    ],
    [
      "a file as the state directory",
      ({ environment, fs }) => fs.writeFileString(`${environment}/.darb`, "mine"),
      /own files \(File\)/
    ],
    ["a pipe as the state directory", ({ environment }) => pipe(`${environment}/.darb`), /own files \(FIFO\)/],
    [
      "a link to a file as the lock file",
      inState((state, { fs, root }) => fs.symlink(`${root}/else/b`, `${state}/lock`)),
      /lock: .*a link to/
    ],
    [
      "a link to nothing as the lock file",
      inState((state, { fs, root }) => fs.symlink(`${root}/no/thing`, `${state}/lock`)),
      /lock: .*a link to/
    ],
    ["a pipe as the lock file", inState((state) => pipe(`${state}/lock`)), /lock: .*FIFO/],
    [
      "a directory as the lock file",
      inState((state, { fs }) => fs.makeDirectory(`${state}/lock`)),
      /lock: .*Directory/
    ],
    ["a pipe as the journal", inState((state) => pipe(`${state}/journal`)), /journal: it is not a file \(FIFO\)/],
    [
      "a pipe as the record of an owner",
      inState((state) => pipe(`${state}/owner-abcdefgh`)),
      /owner-abcdefgh: it is not a file/
    ],
    [
      "a link to nothing as the record of an owner",
      inState((state, { fs, root }) => fs.symlink(`${root}/nowhere`, `${state}/owner-abcdefgh`)),
      /owner-abcdefgh/
    ],
    [
      "a pipe as the file that changes",
      ({ environment, fs }) => Effect.andThen(fs.remove(`${environment}/a`), pipe(`${environment}/a`)),
      /a: it is not a file \(FIFO\)/
    ],
    ["no environment any more", ({ environment, fs }) => fs.remove(environment, { recursive: true }), /env/]
  ])("%s is an error, and stays", ([, make, reason]) =>
    Effect.gen(function*() {
      const found = yield* setting
      yield* make(found)
      const names = () => execFileSync("find", [found.root], { encoding: "utf8" }).split("\n").sort()
      const before = names()
      const error = yield* Effect.flip(found.change)
      assert.notInstanceOf(error, Busy)
      const { description, message, pathOrDescriptor } = error as SystemError
      assert.match(`${pathOrDescriptor}: ${description ?? message}`, reason)
      yield* found.isolation.recover(found.operation)
      assert.includeMembers(names(), before)
      assert.strictEqual(yield* found.fs.readFileString(`${found.root}/else/b`), "mine")
    }).pipe(Effect.timeout("8 seconds"), Effect.provide(NodeContext.layer)), 10_000)

  it.scopedLive.each<[string, (state: string, setting: Setting) => Effect.Effect<unknown, unknown>]>([
    ["a pipe as a copy", (state) => pipe(`${state}/copy-0`)],
    ["a directory as a copy", (state, { fs }) => fs.makeDirectory(`${state}/copy-0`)],
    ["a link to a file as a copy", (state, { fs, root }) => fs.symlink(`${root}/else/b`, `${state}/copy-0`)],
    ["a pipe as the .gitignore", (state) => pipe(`${state}/.gitignore`)],
    ["a link as the .gitignore", (state, { fs, root }) => fs.symlink(`${root}/else/b`, `${state}/.gitignore`)],
    ["a pipe as the record of processes", (state) => pipe(`${state}/processes`)]
  ])("%s is replaced", ([, make]) =>
    Effect.gen(function*() {
      const found = yield* setting
      yield* inState(make)(found)
      yield* found.change
      assert.deepStrictEqual(yield* filesOf(found.environment), { a: "new" })
      assert.deepStrictEqual(yield* filesOf(`${found.root}/else`), { b: "mine" })
    }).pipe(Effect.timeout("8 seconds"), Effect.provide(NodeContext.layer)), 10_000)

  it.scopedLive("a file that a pipe has replaced is restored", () =>
    Effect.gen(function*() {
      const { environment, fs, isolation, operation } = yield* setting
      const spoil = Effect.andThen(fs.remove(`${environment}/a`), pipe(`${environment}/a`))
      const exit = yield* Effect.exit(isolation.exclusively(
        operation,
        Effect.void,
        isolation.transactional(operation, { files: [`${environment}/a`] })(Effect.andThen(spoil, Effect.fail("no")))
      ))
      assert.deepStrictEqual(exit, Exit.fail("no"))
      assert.deepStrictEqual(yield* filesOf(environment), { a: "old" })
    }).pipe(Effect.timeout("8 seconds"), Effect.provide(NodeContext.layer)), 10_000)
})
