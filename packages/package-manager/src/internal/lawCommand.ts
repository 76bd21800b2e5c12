/** Random sequences of operations, and how they are told. Pure. */
import * as Arbitrary from "effect/Arbitrary"
import type * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import * as MemorySpec from "../testing/MemorySpec.js"

/** One of the environments: the first one is there at the beginning. */
const Which = Schema.Literal("one", "two")
export type Which = typeof Which.Type

/** Of the example packages, of versions and packages that there are not, and what is no spec. */
const Spec = Schema.Literal(
  ...["greet", "greet==1.0", "greet==1.1", "greet==2.0", "greet==9.9"] as const,
  ...["libleaf", "libleaf==0.1.0", "libleaf==0.2.0"] as const,
  ...["app", "app==1.0", "app==2.0"] as const,
  ...["orphan", "nope", "gr eet=="] as const
)

const Name = Schema.Literal("greet", "libleaf", "app", "orphan", "nope")

/** Without the name of a package twice: what that means, managers may see differently. */
const distinct = <A extends string>(packages: ReadonlyArray<A>): boolean =>
  new Set(packages.map((text) => /^\w+/.exec(text)?.[0])).size === packages.length

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

export const sequences = (most: number): FastCheck.Arbitrary<ReadonlyArray<Command>> =>
  Arbitrary.make(Schema.Array(Command).pipe(Schema.minItems(1), Schema.maxItems(most)))

export const describe = (command: Command): string => {
  const packages = command._tag === "init" ? [] : command.packages
  return [command._tag, command.environment, ...packages.map((text) => JSON.stringify(text))].join(" ")
}

/** The specs of an install; `undefined` for what is none. */
export const specsOf = (packages: ReadonlyArray<string>): ReadonlyArray<MemorySpec.MemorySpec> | undefined => {
  const parsed = MemorySpec.parseAll(packages)
  return parsed._tag === "Left" ? undefined : parsed.right
}
