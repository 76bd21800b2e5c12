// @ts-check
import * as Output from "@darb/package-manager/Output"
import * as PackageManagerError from "@darb/package-manager/PackageManagerError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { perform, shown } from "./operations.js"

/** @typedef {import("effect/ManagedRuntime").ManagedRuntime<import("@effect/platform-node/NodeContext").NodeContext, never>} Runtime */
/** @typedef {import("./operations.js").Manager} Manager */
/** @typedef {import("./operations.js").Operation} Operation */

/**
 * How an operation ended. A program that was killed has not said how.
 *
 * @typedef {object} Outcome
 * @property {"succeeded" | "failed" | "interrupted" | "defect" | "hung" | "killed"} kind
 * @property {string} [tag] the class of the failure
 * @property {string} detail
 * @property {any} [value]
 */

/**
 * @typedef {object} Running
 * @property {Promise<Outcome>} outcome
 * @property {() => void} interrupt
 * @property {(what: (event: Output.Event) => boolean) => Promise<boolean>} sees waits for an event; `false` if it ended
 *   before
 */

/**
 * @typedef {object} StartOptions
 * @property {Runtime} runtime
 * @property {Manager} manager
 * @property {Operation} operation
 * @property {boolean} [unobserved]
 * @property {(event: Output.Event) => void} [onEvent]
 * @property {import("effect/Clock").Clock} [clock]
 */

const isTyped = Schema.is(PackageManagerError.PackageManagerError)

/**
 * @param {Operation} operation
 * @param {Exit.Exit<unknown, PackageManagerError.PackageManagerError>} exit
 * @param {ReadonlyArray<string>} logged
 * @returns {Outcome}
 */
const outcomeOf = (operation, exit, logged) => {
  const detail = (/** @type {string} */ text) => [shown(operation), text, ...logged].join(": ").slice(0, 1200)
  if (Exit.isSuccess(exit)) return { kind: "succeeded", value: exit.value, detail: detail("succeeded") }
  if (Option.isSome(Cause.dieOption(exit.cause))) return { kind: "defect", detail: detail(Cause.pretty(exit.cause)) }
  const error = Option.getOrUndefined(Cause.failureOption(exit.cause))
  if (error === undefined) return { kind: "interrupted", detail: detail("interrupted") }
  return isTyped(error)
    ? { kind: "failed", tag: error._tag, detail: detail(`${error._tag}: ${error.message}`) }
    : { kind: "defect", detail: detail(`not an error of the library: ${error}`) }
}

/**
 * @param {StartOptions} options
 * @returns {Running}
 */
export const start = ({ clock, manager, onEvent, operation, runtime, unobserved = false }) => {
  /** @type {Array<Output.Event>} */
  const events = []
  /** @type {Set<() => void>} */
  const listeners = new Set()
  let ended = false
  const notify = () => [...listeners].forEach((listener) => listener())

  /** @param {Output.Event} event */
  const observer = (event) =>
    Effect.sync(() => {
      if (events.length < 10_000) events.push(event)
      onEvent?.(event)
      notify()
    })
  /** @type {Array<string>} */
  const logged = []
  const logger = Logger.make(({ cause, logLevel, message }) => {
    if (logLevel.label === "ERROR") logged.push(`${message} ${Cause.pretty(cause)}`.trim())
  })

  let effect = perform(manager, operation)
  if (!unobserved) effect = Output.observe(effect, observer)
  if (clock !== undefined) effect = Effect.withClock(effect, clock)
  const fiber = runtime.runFork(Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger)))
  /** @type {Promise<Outcome>} */
  const outcome = new Promise((resolve) => {
    fiber.addObserver((exit) => {
      ended = true
      notify()
      resolve(outcomeOf(operation, exit, logged))
    })
  })

  return {
    outcome,
    interrupt: () => void Effect.runFork(Fiber.interruptFork(fiber)),
    sees: (what) =>
      new Promise((resolve) => {
        const listener = () => {
          const seen = events.some(what)
          if (!seen && !ended) return
          listeners.delete(listener)
          resolve(seen)
        }
        listeners.add(listener)
        listener()
      })
  }
}

/** @param {number} milliseconds */
export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/**
 * @template A
 * @param {Promise<A>} promise
 * @param {number} milliseconds
 * @returns {Promise<A | undefined>} `undefined` if it took longer
 */
export const soon = async (promise, milliseconds) => {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  /** @type {Promise<undefined>} */
  const late = new Promise((resolve) => timer = setTimeout(resolve, milliseconds, undefined))
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * What does not end in time is interrupted, and has hung, whatever comes of it.
 *
 * @param {number} limit milliseconds
 * @param {Running} running
 * @returns {Promise<Outcome>}
 */
export const within = async (limit, running) => {
  const outcome = await soon(running.outcome, limit)
  if (outcome !== undefined) return outcome
  running.interrupt()
  const late = await soon(running.outcome, 15_000)
  const detail = `it did not end within ${limit / 1000} s, and when interrupted ${
    late === undefined ? "not even then" : `then: ${late.detail}`
  }`
  return { kind: "hung", detail }
}
