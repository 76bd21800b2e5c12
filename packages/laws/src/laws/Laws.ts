/**
 * The laws of package managers, for authors of drivers. They do not depend on a test framework.
 *
 * ```ts
 * for (const law of Laws.all) {
 *   it.scopedLive(law.name, () => Effect.flatMap(subject, law.check))
 * }
 * ```
 *
 * A manager names the laws that it cannot obey in `capabilities.exceptions`, with the reason; `run` checks those too.
 *
 * @module
 * @since 0.1.0
 */
import * as Memory from "@darb/testing/Memory"
import * as Effect from "effect/Effect"
import { type Law, LawBroken, type Subject } from "./Law.js"
import { within } from "./LawBench.js"
import { laws as ofDestruction } from "./LawsOfDestruction.js"
import { laws as ofDryRuns } from "./LawsOfDryRuns.js"
import { laws as ofEvents } from "./LawsOfEvents.js"
import { laws as ofFailure } from "./LawsOfFailure.js"
import { laws as ofInstall } from "./LawsOfInstall.js"
import { laws as ofPaths } from "./LawsOfPaths.js"
import { laws as ofRemoval } from "./LawsOfRemoval.js"
import { laws as ofRun } from "./LawsOfRun.js"
import { laws as ofTime } from "./LawsOfTime.js"

export { LawBroken } from "./Law.js"
export type { Law, Subject } from "./Law.js"
export { property, propertyLaw, type PropertyOptions } from "./LawProperty.js"

/**
 * The packages that the channel or index of a subject must have.
 *
 * @since 0.1.0
 * @category values
 */
export const examples = Memory.examples

/**
 * All laws: of installs, removals, failures, paths, programs, time, events, dry runs and destruction.
 *
 * @since 0.1.0
 * @category laws
 */
export const all: ReadonlyArray<Law> = [
  ...ofInstall,
  ...ofRemoval,
  ...ofFailure,
  ...ofPaths,
  ...ofRun,
  ...ofTime,
  ...ofEvents,
  ...ofDryRuns,
  ...ofDestruction
]

/**
 * The outcome of a law.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome =
  | { readonly _tag: "Held" }
  /** The manager breaks it and declares that. */
  | { readonly _tag: "Exception"; readonly reason: string }
  /** It does not apply to the manager. */
  | { readonly _tag: "Absent"; readonly reason: string }
  | { readonly _tag: "Broken"; readonly error: LawBroken }

/**
 * What a run of one law on one subject showed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Result {
  /** The name of the law. */
  readonly law: string
  /** The label of the subject. */
  readonly subject: string
  readonly outcome: Outcome
}

/** A law that takes longer is broken. */
const limit = "10 minutes"

/**
 * Checks one law. A declared exception must really be one.
 *
 * @since 0.1.0
 * @category operations
 */
export const run = Effect.fn("Laws.run")(function*(subject: Subject, law: Law) {
  const { capabilities, name } = subject.manager
  const result = (outcome: Outcome): Result => ({ law: law.name, subject: subject.name ?? name, outcome })
  const broken = (expected: string, found: string) =>
    result({ _tag: "Broken", error: new LawBroken({ law: law.name, expected, found }) })

  const absent = law.absent(capabilities)
  if (absent !== undefined) return result({ _tag: "Absent", reason: absent })
  const reason = Object.hasOwn(capabilities.exceptions, law.name) ? capabilities.exceptions[law.name] : undefined
  const tried = yield* within(limit, Effect.either(Effect.scoped(law.check(subject))))
  if (tried === undefined) return broken("an end", `none within ${limit}`)
  if (tried._tag === "Left") {
    return result(reason === undefined ? { _tag: "Broken", error: tried.left } : { _tag: "Exception", reason })
  }
  return reason === undefined
    ? result({ _tag: "Held" })
    : broken(`an exception, because ${reason}`, "that it holds")
})

const mark = ({ _tag }: Outcome): string =>
  ({ Held: "holds", Exception: "exception", Absent: "-", Broken: "BROKEN" })[_tag]

/**
 * A text table of laws by subject, followed by the reasons for what does not hold.
 *
 * @since 0.1.0
 * @category encoding
 */
export const table = (results: ReadonlyArray<Result>): string => {
  const subjects = [...new Set(results.map(({ subject }) => subject))]
  const laws = [...new Set(results.map(({ law }) => law))]
  const marks = new Map(results.map(({ law, outcome, subject }) => [JSON.stringify([law, subject]), mark(outcome)]))
  const rows = [
    ["law", ...subjects],
    ...laws.map((law) => [law, ...subjects.map((subject) => marks.get(JSON.stringify([law, subject])) ?? "")])
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd())
  const notes = results.flatMap(({ law, outcome, subject }) =>
    outcome._tag === "Held"
      ? []
      : [`${subject}, ${law}: ${outcome._tag === "Broken" ? outcome.error.message : outcome.reason}`]
  )
  return [...lines, ...notes.length === 0 ? [] : ["", ...notes]].join("\n")
}
