/** The last line of a terminal: the command that runs, for how long, and how much of it is done. */
import type * as Terminal from "@effect/platform/Terminal"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Style } from "./Render.js"

export interface ProgressLine {
  readonly start: (title: string) => Effect.Effect<void>
  /** Shows how much is done. */
  readonly update: (done: string) => Effect.Effect<void>
  readonly stop: Effect.Effect<void>
  /** Prints a text above the line. */
  readonly print: (text: string) => Effect.Effect<void>
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const interval = 100

const clear = "\r\u001b[2K"

export const make = Effect.fnUntraced(function*(terminal: Terminal.Terminal, style: Style) {
  const display = displayOn(terminal)
  let running: { readonly title: string; readonly since: number; readonly done: string } | undefined

  const line = Effect.gen(function*() {
    if (running === undefined) return ""
    const elapsed = (yield* Clock.currentTimeMillis) - running.since
    const frame = frames[Math.floor(elapsed / interval) % frames.length]
    const columns = (yield* terminal.columns) || 80
    // A line that wraps cannot be cleared.
    const text = [frame, running.title, `${Math.floor(elapsed / 1000)} s`, running.done].filter(Boolean).join(" ")
    return style.strong(text.slice(0, columns - 1))
  })

  const draw = Effect.flatMap(line, (line) => line === "" ? Effect.void : display(clear + line))

  const stop = Effect.suspend(() => {
    if (running === undefined) return Effect.void
    running = undefined
    return display(clear)
  })

  yield* Effect.addFinalizer(() => stop)
  yield* Effect.forkScoped(Effect.repeat(draw, Schedule.spaced(interval)))

  const progress: ProgressLine = {
    start: (title) =>
      Effect.flatMap(Clock.currentTimeMillis, (since) => {
        running = { title, since, done: "" }
        return draw
      }),
    update: (done) =>
      Effect.suspend(() => {
        if (running === undefined) return Effect.void
        running = { ...running, done }
        return draw
      }),
    stop,
    print: (text) => Effect.flatMap(line, (line) => display(line === "" ? `${text}\n` : `${clear}${text}\n${line}`))
  }
  return progress
})

/** For output that is not a terminal. */
export const none = (terminal: Terminal.Terminal): ProgressLine => ({
  start: () => Effect.void,
  update: (done) => Console.error(`     ${done}`),
  stop: Effect.void,
  print: (text) => displayOn(terminal)(`${text}\n`)
})

/** The reader may have closed standard output. */
const displayOn = (terminal: Terminal.Terminal) => (text: string): Effect.Effect<void> =>
  Effect.ignore(terminal.display(text))
