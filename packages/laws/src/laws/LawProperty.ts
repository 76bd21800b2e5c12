/**
 * Checks random sequences of operations against the model.
 *
 * @module
 * @since 0.1.0
 */
import type { Changes } from "@darb/package-manager/Changes"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Random from "effect/Random"
import { type Law, LawBroken, type Subject } from "./Law.js"
import { type Bench, makeBench, type Seen } from "./LawBench.js"
import { type Command, describe, sequences, smaller, type Which } from "./LawCommand.js"
import { type Asked, expectation, problem } from "./LawModel.js"
import { counterexample } from "./LawShrink.js"
import { expectedChanges, toldChanges } from "./LawsOfFailure.js"
import { shown } from "./LawText.js"

/**
 * How many random sequences are tried, and how long they are.
 *
 * @since 0.1.0
 * @category options
 */
export interface PropertyOptions {
  /** The number of sequences; by default 100. */
  readonly runs?: number | undefined
  /** The same seed gives the same sequences; by default random. */
  readonly seed?: number | undefined
  /** The most operations in a sequence; by default 10. */
  readonly maxCommands?: number | undefined
  /** The most attempts to shrink a failing sequence; by default 200. */
  readonly maxShrinks?: number | undefined
}

const name = "random-sequences"

/** The state of one of the environments; `undefined` if it does not exist. */
interface Place {
  readonly path: string
  asks: Asked | undefined
  /** Its state after the last operation. */
  seen: Seen | undefined
}

/** Runs a sequence; the error names the operation that went wrong. */
const perform = Effect.fnUntraced(function*(bench: Bench, commands: ReadonlyArray<Command>) {
  const first = yield* bench.made
  const places: Readonly<Record<Which, Place>> = {
    one: { path: first.path, asks: new Map(), seen: yield* first.seen },
    two: { path: yield* bench.directory, asks: undefined, seen: undefined }
  }
  for (const [at, command] of commands.entries()) {
    yield* Effect.mapError(
      step(bench, command, places),
      ({ expected, found }) => bench.broken(`${describe(command)} (operation ${at + 1}): ${expected}`, found)
    )
  }
}, Effect.scoped)

/** Expects that an environment is unchanged. */
const checkSame = Effect.fnUntraced(function*(bench: Bench, what: string, { asks, path, seen }: Place) {
  const found = asks === undefined ? yield* bench.files(path) : yield* bench.at(path).state
  yield* bench.same(what, found, seen?.state ?? {})
})

const step = Effect.fnUntraced(function*(bench: Bench, command: Command, places: Readonly<Record<Which, Place>>) {
  const place = places[command.environment]
  const { after, tags } = expectation(command, place.asks, place.seen)
  const result = yield* Effect.either(operate(bench, command, place.path))
  if (Either.isLeft(result)) {
    const { _tag, message } = result.left
    if (!tags.includes(_tag)) {
      const expected = [...after === undefined ? [] : ["success"], ...tags].join(" or ")
      return yield* bench.broken(expected, `${_tag}: ${message}`)
    }
    yield* checkSame(bench, "what failed", place)
  } else {
    if (after === undefined) return yield* bench.broken(tags.join(" or "), "success")
    const now = yield* bench.at(place.path).seen
    const wrong = problem(after, now)
    if (wrong !== undefined) return yield* bench.broken("a consistent environment", wrong)
    if (result.right !== undefined) {
      const expected = expectedChanges(place.seen?.list ?? [], now.list)
      yield* bench.equal("changes", toldChanges(result.right), expected)
      const isThere = command._tag === "install" && command.packages.length > 0 &&
        shown([...after]) === shown([...place.asks ?? []])
      if (isThere) {
        yield* bench.equal("whether installing what is installed changes nothing", result.right.isEmpty, true)
      }
    }
    place.asks = after
    place.seen = now
  }
  yield* checkSame(bench, "an operation elsewhere", places[command.environment === "one" ? "two" : "one"])
})

/** The changes that an operation reports. */
const operate = (
  { manager, subject }: Bench,
  command: Command,
  path: string
): Effect.Effect<Changes | undefined, PackageManagerError> => {
  switch (command._tag) {
    case "init":
      return Effect.as(manager.init({ path, ...subject.init }), undefined)
    case "install":
      return manager.install({ path, packages: command.packages })
    case "remove":
      return manager.remove({ path, packages: command.packages })
    case "update":
      return manager.update({ path, packages: command.packages })
  }
}

/**
 * Runs random sequences of operations on two environments. Fails with the shortest failing sequence, and the seed.
 *
 * @since 0.1.0
 * @category operations
 */
export const property = Effect.fn("Laws.property")(function*(subject: Subject, options: PropertyOptions = {}) {
  const { maxCommands = 10, maxShrinks = 200, runs = 100 } = options
  const seed = options.seed ?? (yield* Random.nextIntBetween(0, 2 ** 31))
  const bench = makeBench(name, subject)
  const found = yield* counterexample(
    sequences({ maxCommands, runs, seed }),
    smaller,
    maxShrinks,
    (commands) => Effect.catchAllDefect(perform(bench, commands), (defect) => bench.broken("no defect", String(defect)))
  )
  if (found === undefined) return
  const { error, run, shrinks, value } = found
  const sequence = value.map((command, at) => `${at + 1}. ${describe(command)}`).join("\n")
  return yield* new LawBroken({
    law: name,
    expected: error.expected,
    found: `${error.found}\nwith seed ${seed}, in run ${run}, ${shrinks} times shrunk:\n` +
      `${sequence}\nwhere environment one existed before, and two did not`
  })
})

/**
 * The property as a law.
 *
 * @since 0.1.0
 * @category operations
 */
export const propertyLaw = (options?: PropertyOptions): Law => ({
  name,
  statement: "After any sequence of operations, environments are consistent, and failed operations changed nothing.",
  absent: () => undefined,
  check: (subject) => property(subject, options)
})
