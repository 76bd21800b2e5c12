/**
 * Runs a process of an operation, which has the marker of the operation and leaves no processes behind.
 *
 * @module
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Telemetry from "../../Telemetry.js"
import { contextOf, type Operation } from "../Operation.js"
import type { Result } from "./CommandResult.js"
import type { NotStarted } from "./NotStarted.js"
import { type OrphanProcesses, reportUnsearched, variable } from "./OrphanProcesses.js"
import { makeRunner, type RunOptions } from "./Process.js"

/**
 * What distinguishes the processes of a manager from the programs of `run`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Kind {
  /** The name of the span. */
  readonly span: string
  /** How long a process may take to end after each signal; 5 seconds by default. */
  readonly gracePeriod?: Duration.DurationInput | undefined
  /** Whether one that succeeds may leave processes, too. What a manager starts ends with it. */
  readonly mayLeave: boolean
}

/**
 * Starts a process of an operation and waits for its end. By then, everything that it has started has ended too.
 *
 * @since 0.1.0
 * @category models
 */
export type StartProcess = (
  operation: Operation,
  options: Omit<RunOptions, "gracePeriod">,
  attributes?: Readonly<Record<string, unknown>>
) => Effect.Effect<Result, NotStarted>

/**
 * Makes the function that starts processes of one kind.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeStart = (orphans: OrphanProcesses, { gracePeriod = "5 seconds", mayLeave, span }: Kind) =>
  Effect.map(
    makeRunner,
    (runner): StartProcess => (operation, { environment, ...options }, attributes) =>
      runner.run({
        ...options,
        environment: { ...environment, [variable]: operation.marker },
        gracePeriod
      }).pipe(
        Effect.tap(({ exitCode, pid, signal }) => Effect.annotateCurrentSpan({ exitCode, pid, signal })),
        Effect.timed,
        Effect.onExit((exit) => {
          const ended = Exit.isSuccess(exit) ? { elapsed: exit.value[0], pid: exit.value[1].pid } : undefined
          return Effect.flatMap(
            orphans.end(operation.marker, ended),
            (searched) => searched || (ended !== undefined && !mayLeave) ? Effect.void : reportUnsearched
          )
        }),
        Effect.map(([, result]) => result),
        Telemetry.running,
        Effect.withSpan(span, {
          attributes: { ...contextOf(operation), executable: options.executable, ...attributes }
        })
      )
  )
