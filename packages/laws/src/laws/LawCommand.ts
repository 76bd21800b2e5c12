/**
 * Random sequences of operations, and their descriptions.
 *
 * @module
 * @since 0.1.0
 */
import * as MemorySpec from "@darb/testing/MemorySpec"
import * as Arbitrary from "effect/Arbitrary"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"

/** One of two environments; `one` exists from the start. */
const Which = Schema.Literal("one", "two")
/**
 * One of the two environments of a sequence. `one` exists from the start, `two` does not.
 *
 * @since 0.1.0
 * @category models
 */
export type Which = typeof Which.Type

/** Specs of the example packages, of missing versions and packages, and invalid ones. */
const Spec = Schema.Literal(
  ...["greet", "greet==1.0", "greet==1.1", "greet==2.0", "greet==9.9"] as const,
  ...["libleaf", "libleaf==0.1.0", "libleaf==0.2.0"] as const,
  ...["app", "app==1.0", "app==2.0"] as const,
  ...["orphan", "nope", "gr eet=="] as const
)

const Name = Schema.Literal("greet", "libleaf", "app", "orphan", "nope")

/** Each package at most once: managers differ in what a second spec means. */
const distinct = <A extends string>(packages: ReadonlyArray<A>): boolean =>
  new Set(packages.map((text) => /^\w+/.exec(text)?.[0])).size === packages.length

/**
 * An operation of a random sequence, in one of two environments. The schema generates random ones.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Command = Schema.Union(
  Schema.TaggedStruct("init", { environment: Which }),
  Schema.TaggedStruct("install", {
    environment: Which,
    packages: Schema.Array(Spec).pipe(Schema.maxItems(2), Schema.filter(distinct))
  }),
  Schema.TaggedStruct("remove", {
    environment: Which,
    packages: Schema.Array(Name).pipe(Schema.minItems(1), Schema.maxItems(2), Schema.filter(distinct))
  }),
  Schema.TaggedStruct("update", {
    environment: Which,
    packages: Schema.Array(Name).pipe(Schema.maxItems(2), Schema.filter(distinct))
  })
)
export type Command = typeof Command.Type

/**
 * Random sequences; the same seed gives the same ones.
 *
 * @since 0.1.0
 * @category operations
 */
export const sequences = (
  { maxCommands, runs, seed }: { readonly maxCommands: number; readonly runs: number; readonly seed: number }
): ReadonlyArray<ReadonlyArray<Command>> =>
  FastCheck.sample(
    Arbitrary.make(Schema.Array(Command).pipe(Schema.minItems(1), Schema.maxItems(maxCommands))),
    { seed, numRuns: runs }
  )

const isSpec = Schema.is(Spec)

const without = <A>(items: ReadonlyArray<A>, at: number): ReadonlyArray<A> => items.filter((_, other) => other !== at)

/** Simpler operations: in the first environment, with one package less, or with a bare name. */
const simpler = function*(command: Command): Generator<Command> {
  if (command.environment === "two") yield { ...command, environment: "one" }
  if (command._tag === "init") return
  for (const at of command.packages.keys()) {
    // A removal without packages is invalid.
    if (command._tag === "remove" && command.packages.length === 1) return
    yield command._tag === "install"
      ? { ...command, packages: without(command.packages, at) }
      : { ...command, packages: without(command.packages, at) }
  }
  if (command._tag !== "install") return
  for (const [at, spec] of command.packages.entries()) {
    const bare = spec.replace(/==.*/, "")
    if (bare !== spec && isSpec(bare)) yield { ...command, packages: command.packages.with(at, bare) }
  }
}

/**
 * Slightly shorter or simpler sequences. fast-check's own shrinking keeps the end of a list, but operations after the
 * failing one do not matter.
 *
 * @since 0.1.0
 * @category operations
 */
export const smaller = function*(commands: ReadonlyArray<Command>): Generator<ReadonlyArray<Command>> {
  if (commands.length > 3) yield commands.slice(0, Math.ceil(commands.length / 2))
  for (let at = commands.length - 1; at >= 0 && commands.length > 1; at--) yield without(commands, at)
  for (const [at, command] of commands.entries()) {
    for (const other of simpler(command)) yield commands.with(at, other)
  }
}

/**
 * One line for the report of a failing sequence, such as `install one "greet==1.0"`.
 *
 * @since 0.1.0
 * @category encoding
 */
export const describe = (command: Command): string => {
  const packages = command._tag === "init" ? [] : command.packages
  return [command._tag, command.environment, ...packages.map((text) => JSON.stringify(text))].join(" ")
}

/**
 * The specs of an install; `undefined` if one is invalid.
 *
 * @since 0.1.0
 * @category getters
 */
export const specsOf = (packages: ReadonlyArray<string>): ReadonlyArray<MemorySpec.MemorySpec> | undefined => {
  const parsed = MemorySpec.parseAll(packages)
  return parsed._tag === "Left" ? undefined : parsed.right
}
