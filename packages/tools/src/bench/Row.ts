/** A row of the bench: what is measured, and how it is prepared. */
import type * as NodeContext from "@effect/platform-node/NodeContext"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Comparison } from "./Comparison.js"

export interface Row {
  /** Rows whose names start with a word of the command line run. */
  readonly name: string
  /** Prepares it. `undefined` if the machine lacks what it needs, such as an executable. */
  readonly prepare: Effect.Effect<Comparison | undefined, never, NodeContext.NodeContext | Scope.Scope>
}
