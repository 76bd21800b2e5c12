import { emit } from "@darb/package-manager/driver/Events"
import { declared } from "@darb/package-manager/driver/OperationError"
import * as OperationErrors from "@darb/package-manager/OperationErrors"
import * as Output from "@darb/package-manager/Output"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Laws from "../../src/laws/Laws.js"
import * as Subject from "../../src/laws/Subject.js"

type Manager = Laws.Subject["manager"]

/** A manager in memory, changed. */
const changed = (change: (manager: Manager) => Partial<Manager>) =>
  Effect.map(Subject.memory(), (subject): Laws.Subject => ({
    ...subject,
    manager: { ...subject.manager, ...change(subject.manager) }
  }))

const lawNamed = (name: string): Laws.Law => {
  const law = Laws.all.find((law) => law.name === name)
  if (law === undefined) throw new Error(`there is no law ${name}`)
  return law
}

describe("the laws", () => {
  it("have names in kebab case, each of them once, and one sentence", () => {
    const laws = [...Laws.all, Laws.propertyLaw()]
    assert.strictEqual(new Set(laws.map(({ name }) => name)).size, laws.length)
    for (const { name, statement } of laws) {
      assert.match(name, /^[a-z]+(-[a-z]+)*$/)
      assert.match(statement, /^[^\n]+\.$/)
    }
  })
})

describe("in memory", () => {
  for (const law of Laws.all) {
    it.scoped(law.name, () => Effect.flatMap(Subject.memory(), law.check))
    it.scopedLive(`${law.name}, where changes take time`, () =>
      Effect.flatMap(Subject.memory({ duration: "1 millis", kind: "pypi" }), law.check))
  }

  it.effect("random sequences of operations", () =>
    Effect.flatMap(Subject.memory(), (subject) => Laws.property(subject, { seed: 7, runs: 200, maxCommands: 12 })))
})

/** What is wrong with a manager, and the law that finds it. */
const broken: ReadonlyArray<readonly [what: string, law: string, change: (manager: Manager) => Partial<Manager>]> = [
  ["keeps what it did before it failed", "a-failing-install-changes-nothing", (manager) => ({
    install: oneByOne(manager)
  })],
  ["ignores an option", "an-unknown-option-is-an-error", (manager) => ({
    list: ({ path }) => manager.list({ path })
  })],
  ["loses an edit", "one-environment-is-serial", (manager) => ({ install: losing(manager) })],
  ["does not wait", "one-environment-is-serial", (manager) => ({
    install: (options) => Effect.zipRight(progress, manager.install(options))
  })],
  ["cannot be interrupted", "interruption-changes-nothing", (manager) => ({
    install: (options) => Effect.uninterruptible(manager.install(options))
  })],
  ["goes on after what cannot be undone", "interruption-changes-nothing", (manager) => ({
    install: (options) => Effect.tap(manager.install(options), () => progress)
  })],
  ["makes an environment before it is finished", "an-interrupted-init-leaves-nothing", (manager) => ({
    init: (options) => Effect.tap(manager.init(options), () => progress)
  })],
  ["does not say what it changed", "changes-agree-with-the-lists", (manager) => ({
    remove: (options) => Effect.map(manager.remove(options), (changes) => Object.assign(changes, { removed: [] }))
  })],
  ["updates nothing", "update-keeps-the-bounds", (manager) => ({
    update: ({ path }) => Effect.mapError(manager.install({ path }), declared(OperationErrors.UpdateError))
  })],
  ["removes what is there of what it is to remove", "remove-is-all-or-nothing", (manager) => ({
    remove: ({ path, packages }) =>
      Effect.flatMap(
        manager.getManifest({ path }),
        (manifest) => manager.remove({ path, packages: packages.filter((name) => name in manifest.packages) })
      )
  })],
  ["says that everything is direct", "dependencies-are-not-direct", (manager) => ({
    list: (options) =>
      Effect.map(manager.list(options), (list) => list.map((found) => Object.assign(found, { direct: true })))
  })],
  ["makes an environment where none is", "where-there-is-no-environment", (manager) => ({
    install: (options) =>
      Effect.catchTag(
        manager.install(options),
        "EnvironmentNotFound",
        () => Effect.zipRight(manager.init({ path: options.path }), manager.install(options))
      ).pipe(Effect.mapError(declared(OperationErrors.InstallError)))
  })],
  ["has no name for what it does not find", "odd-paths", (manager) => ({
    init: (options) => options.path.includes("'") ? Effect.die("quote") : manager.init(options)
  })],
  ["takes a path as it is spelled", "a-path-can-be-spelled-in-several-ways", (manager) => ({
    list: (options) => manager.list({ path: options.path.replaceAll("//", "/x/") })
  })]
]

const progress = emit((about) => new Output.Progress({ ...about, phase: "done", package: null, bytes: null }))

const oneByOne = (manager: Manager): Manager["install"] => ({ packages = [], path, ...options }) =>
  Effect.flatMap(
    Effect.forEach(packages, (spec) => manager.install({ path, packages: [spec] })),
    (all) => {
      const last = all.at(-1)
      return last === undefined ? manager.install({ path, ...options }) : Effect.succeed(last)
    }
  )

/** It writes the manifest that it has read, with what it adds: the second one some time after the first. */
const losing = (manager: Manager): Manager["install"] => {
  let calls = 0
  return (options) =>
    Effect.gen(function*() {
      const { path } = options
      const before = yield* manager.getManifest({ path })
      yield* progress
      yield* Effect.repeatN(Effect.yieldNow(), calls++ * 500)
      const now = yield* manager.getManifest({ path })
      const lost = Object.keys(now.packages).filter((name) => !(name in before.packages))
      if (lost.length > 0) yield* manager.remove({ path, packages: lost })
      return yield* manager.install(options)
    }).pipe(Effect.mapError(declared(OperationErrors.InstallError)))
}

describe("a manager that", () => {
  it.effect.each(broken)("%s breaks %s", ([, name, change]) =>
    Effect.gen(function*() {
      const subject = yield* changed(change)
      const { outcome } = yield* Laws.run(subject, lawNamed(name))
      assert.strictEqual(outcome._tag, "Broken")
      if (outcome._tag === "Broken") assert.strictEqual(outcome.error.law, name)
    }))

  it.effect("works on one environment at a time breaks two-environments-are-parallel", () =>
    Effect.gen(function*() {
      const semaphore = yield* Effect.makeSemaphore(1)
      const subject = yield* changed((manager) => ({
        install: (options) => semaphore.withPermits(1)(manager.install(options))
      }))
      const fiber = yield* Effect.fork(Laws.run(subject, lawNamed("two-environments-are-parallel")))
      yield* TestClock.adjust("1 minute")
      const { outcome } = yield* Fiber.join(fiber)
      assert.strictEqual(outcome._tag, "Broken")
    }))

  it.effect("lets who reads wait breaks reads-do-not-wait", () =>
    Effect.gen(function*() {
      const semaphore = yield* Effect.makeSemaphore(1)
      const subject = yield* changed((manager) => ({
        install: (options) => semaphore.withPermits(1)(manager.install(options)),
        list: (options) => semaphore.withPermits(1)(manager.list(options))
      }))
      const fiber = yield* Effect.fork(Laws.run(subject, lawNamed("reads-do-not-wait")))
      yield* TestClock.adjust("1 minute")
      const { outcome } = yield* Fiber.join(fiber)
      assert.strictEqual(outcome._tag, "Broken")
    }))

  it.effect("does not come to an end breaks the law that is tried", () =>
    Effect.gen(function*() {
      const subject = yield* changed(() => ({ list: () => Effect.never }))
      const fiber = yield* Effect.fork(Laws.run(subject, lawNamed("install-adds")))
      yield* TestClock.adjust("10 minutes")
      const { outcome } = yield* Fiber.join(fiber)
      assert.deepInclude(outcome._tag === "Broken" ? { ...outcome.error } : {}, {
        expected: "an end",
        found: "none within 10 minutes"
      })
    }))

  it.effect("is broken is found by random sequences, and told in the shortest one, always the same", () =>
    Effect.gen(function*() {
      const find = Effect.flatMap(
        changed((manager) => ({ install: oneByOne(manager) })),
        (subject) => Effect.flip(Laws.property(subject, { seed: 1, runs: 200 }))
      )
      const { expected, found, law } = yield* find
      assert.strictEqual(law, "random-sequences")
      assert.match(expected, /^install one .* \(operation 1\): what failed to leave what getManifest says as it was/)
      assert.match(found, /\nwith seed 1, in run \d+, \d+ times shrunk:\n1\. install one "[a-z]+" "[^"]+"\nwhere/)
      assert.deepStrictEqual({ ...yield* find }, { ...yield* find })
    }))

  it.effect("loses what is needed is found by random sequences", () =>
    Effect.gen(function*() {
      const subject = yield* changed((manager) => ({
        list: (options) =>
          Effect.map(manager.list(options), (list) => list.filter(({ direct, name }) => direct || name !== "libleaf"))
      }))
      const { found } = yield* Effect.flip(Laws.property(subject, { seed: 2 }))
      assert.match(found, /^app [\d.]+ needs libleaf, but it is not listed\n[^]*\n1\. install one "app"\nwhere/)
    }))
})

describe("exceptions", () => {
  const excepting = (names: ReadonlyArray<string>, change: (manager: Manager) => Partial<Manager> = () => ({})) =>
    changed((manager) => ({
      capabilities: {
        ...manager.capabilities,
        exceptions: Object.fromEntries(names.map((name) => [name, `${name} cannot be`]))
      },
      ...change(manager)
    }))

  it.effect("have to be some", () =>
    Effect.gen(function*() {
      const subject = yield* excepting(["install-adds", "odd-paths"], () => ({ list: () => Effect.succeed([]) }))
      const holding = yield* excepting(["install-adds"])
      const law = lawNamed("install-adds")
      assert.deepStrictEqual(yield* Laws.run(subject, law), {
        law: "install-adds",
        subject: "memory",
        outcome: { _tag: "Exception", reason: "install-adds cannot be" }
      })
      const { outcome } = yield* Laws.run(holding, law)
      assert.strictEqual(
        outcome._tag === "Broken" && outcome.error.found,
        "that it holds"
      )
      const other = yield* Laws.run(subject, lawNamed("dependencies-are-not-direct"))
      assert.strictEqual(other.outcome._tag, "Broken")
    }))

  it.effect("are told in a table with what is broken and what is not there", () =>
    Effect.gen(function*() {
      const one = yield* Subject.memory()
      const two = yield* excepting(["install-adds"], (manager) => ({
        list: () => Effect.succeed([]),
        capabilities: {
          ...manager.capabilities,
          options: { ...manager.capabilities.options, install: ["packages"] },
          exceptions: { "install-adds": "nothing is ever listed" }
        }
      }))
      const laws = ["install-adds", "no-install-only-locks", "a-spec-replaces-another"].map(lawNamed)
      const results = yield* Effect.forEach(
        [one, { ...two, name: "two 1.0" }],
        (subject) => Effect.forEach(laws, (law) => Laws.run(subject, law))
      )
      assert.deepStrictEqual(Laws.table(results.flat()).split("\n"), [
        "law                      memory  two 1.0",
        "install-adds             holds   exception",
        "no-install-only-locks    holds   -",
        "a-spec-replaces-another  holds   BROKEN",
        "",
        "two 1.0, install-adds: nothing is ever listed",
        "two 1.0, no-install-only-locks: it has no option noInstall",
        "two 1.0, a-spec-replaces-another: a-spec-replaces-another: expected the versions: {\"greet\":\"2.0\"}, found {}"
      ])
    }))
})
