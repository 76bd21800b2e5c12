/** Runs an operation in a fiber of its own, and says how it ended. */
import * as Output from "@darb/package-manager/Output"
import * as PackageManagerError from "@darb/package-manager/PackageManagerError"
import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type Manager, type Operation, perform, shown, type Value } from "./Operation.js"
import * as Watch from "./Watch.js"

/** How an operation ended. */
export interface Outcome {
  /** `killed`: the program that ran it was killed, and has not said how it ended. */
  readonly kind: "succeeded" | "failed" | "interrupted" | "defect" | "hung" | "killed"
  /** The class of the failure. */
  readonly tag?: string | undefined
  readonly detail: string
  readonly value?: Value | undefined
}

export interface Running {
  readonly outcome: Effect.Effect<Outcome>
  /** Starts the interruption, and does not wait for its end. */
  readonly interrupt: Effect.Effect<void>
  /** Waits for an event; `false` if the operation ended before. */
  readonly sees: (what: (event: Output.Event) => boolean) => Effect.Effect<boolean>
}

export interface StartOptions {
  readonly manager: Manager
  readonly operation: Operation
  readonly unobserved?: boolean | undefined
  readonly onEvent?: ((event: Output.Event) => Effect.Effect<unknown>) | undefined
  readonly clock?: Clock.Clock | undefined
}

export const start = Effect.fnUntraced(function*(options: StartOptions) {
  const { clock, manager, onEvent, operation, unobserved = false } = options
  const events: Array<Output.Event> = []
  const errors: Array<string> = []
  const watch = Watch.make()
  let ended = false

  const observer = (event: Output.Event) =>
    Effect.suspend(() => {
      if (events.length < 10_000) events.push(event)
      watch.notify()
      return onEvent?.(event) ?? Effect.void
    })
  const logger = Logger.make(({ cause, logLevel, message }) => {
    if (logLevel.label === "ERROR") errors.push(`${message} ${Cause.pretty(cause)}`.trim())
  })

  const performed = perform(manager, operation)
  const fiber = yield* performed.pipe(
    (self) => unobserved ? self : Output.observe(self, observer),
    (self) => clock === undefined ? self : Effect.withClock(self, clock),
    Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
    Effect.forkDaemon
  )
  fiber.addObserver(() => {
    ended = true
    watch.notify()
  })
  // The operation begins before anything is done to it.
  yield* Effect.yieldNow()

  const running: Running = {
    outcome: Effect.map(Fiber.await(fiber), (exit) => outcomeOf(operation, exit, errors)),
    interrupt: Fiber.interruptFork(fiber),
    sees: (what) => watch.until(() => events.some(what) || (ended ? false : undefined))
  }
  return running
})

/** The outcome. An operation that does not end within the milliseconds is interrupted, and has hung. */
export const within = Effect.fnUntraced(function*(limit: number, { interrupt, outcome }: Running) {
  const inTime = yield* Effect.timeoutOption(outcome, limit)
  if (Option.isSome(inTime)) return inTime.value
  yield* interrupt
  const late = yield* Effect.timeoutOption(outcome, 15_000)
  const end = Option.match(late, { onNone: () => "not even then", onSome: ({ detail }) => `then: ${detail}` })
  return { kind: "hung", detail: `it did not end within ${limit / 1000} s, and when interrupted ${end}` } as Outcome
})

const isTyped = Schema.is(PackageManagerError.PackageManagerError)

const outcomeOf = (
  operation: Operation,
  exit: Exit.Exit<Value, PackageManagerError.PackageManagerError>,
  errors: ReadonlyArray<string>
): Outcome => {
  const detail = (text: string) => [shown(operation), text, ...errors].join(": ").slice(0, 1200)
  if (Exit.isSuccess(exit)) return { kind: "succeeded", value: exit.value, detail: detail("succeeded") }
  if (Option.isSome(Cause.dieOption(exit.cause))) return { kind: "defect", detail: detail(Cause.pretty(exit.cause)) }
  const error = Option.getOrUndefined(Cause.failureOption(exit.cause))
  if (error === undefined) return { kind: "interrupted", detail: detail("interrupted") }
  return isTyped(error)
    ? { kind: "failed", tag: error._tag, detail: detail(`${error._tag}: ${error.message}`) }
    : { kind: "defect", detail: detail(`not an error of the library: ${error}`) }
}
