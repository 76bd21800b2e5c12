/** The last line of a terminal, which says what runs and for how long. */
import type * as Terminal from "@effect/platform/Terminal"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Style } from "./Render.js"

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const interval = 100

const clear = "\r\u001b[2K"

export const make = Effect.fnUntraced(function*(terminal: Terminal.Terminal, style: Style) {
  let running: { readonly title: string; readonly since: number } | undefined
  const display = (text: string) => Effect.ignore(terminal.display(text))

  const line = Effect.gen(function*() {
    if (running === undefined) return ""
    const elapsed = (yield* Clock.currentTimeMillis) - running.since
    const text = `${frames[Math.floor(elapsed / interval) % frames.length]} ${Math.floor(elapsed / 1000)} s  ${running.title}`
    // Cut, because a line that wraps cannot be cleared.
    return style.strong(text.slice(0, Math.max(0, (yield* terminal.columns) - 1)))
  })

  const draw = Effect.flatMap(line, (line) => line === "" ? Effect.void : display(clear + line))
  yield* Effect.forkScoped(Effect.repeat(draw, Schedule.spaced(interval)))

  const stop = Effect.suspend(() => {
    if (running === undefined) return Effect.void
    running = undefined
    return display(clear)
  })
  yield* Effect.addFinalizer(() => stop)

  return {
    start: (title: string) =>
      Effect.flatMap(Clock.currentTimeMillis, (since) => {
        running = { title, since }
        return draw
      }),
    stop,
    /** Prints above the line. */
    print: (text: string) =>
      Effect.flatMap(line, (line) => display(line === "" ? `${text}\n` : `${clear}${text}\n${line}`))
  }
})
