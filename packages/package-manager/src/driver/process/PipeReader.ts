/**
 * Reads a pipe of a process: keeps the end of the text, and passes each line to the observer.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as Effect from "effect/Effect"
import { constVoid } from "effect/Function"
import * as Stream from "effect/Stream"
import type * as Types from "effect/Types"
import * as Output from "../../Output.js"
import type { FairLock } from "../transaction/FairLock.js"
import { makeDecoder } from "./Decoder.js"
import { makeSplitter } from "./Lines.js"
import { redact } from "./Redact.js"
import { makeTail } from "./Tail.js"

/**
 * Reads one pipe of one process to its end.
 *
 * @since 0.1.0
 * @category models
 */
export interface PipeReader {
  /** Reads the pipe to its end. */
  readonly read: (pipe: Stream.Stream<Uint8Array, PlatformError>) => Effect.Effect<void>
  readonly tail: ReturnType<typeof makeTail>
  /** The number of chunks so far; `undefined` while the observer handles one. */
  readonly chunks: () => number | undefined
}

/**
 * What the readers of a process share.
 *
 * @since 0.1.0
 * @category models
 */
export interface EventObserver {
  readonly observe: Output.Observe
  /** What the events are about. */
  readonly about: Output.Identity & { readonly pid: number }
  /** The reader that has it calls the observer. */
  readonly turn: Pick<FairLock, "withLock">
}

/**
 * Makes a reader that emits each line as an `Output` event. `show` removes credentials from what observers see.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makePipeReader = (
  stream: "stdout" | "stderr",
  tail: PipeReader["tail"],
  { about: { environment, id, operation, pid }, observe, turn }: EventObserver,
  show: (line: string) => string = redact
): PipeReader => {
  const decode = makeDecoder()
  let chunks = 0
  let observing = false

  /** The constructor takes ten times as long, even without validation, and there may be millions of lines. */
  const eventOf = (line: string, continued: boolean): Output.Output => {
    const event: Types.Mutable<Output.Output> = Object.create(Output.Output.prototype)
    event._tag = "Output"
    event.operation = operation
    event.environment = environment
    event.id = id
    event.pid = pid
    event.stream = stream
    event.line = show(line)
    event.continued = continued
    return event
  }

  const splitter = makeSplitter(eventOf)

  /** Runs what the observer returns, unless that is nothing: there may be millions of lines. */
  const observeAll = (events: ReadonlyArray<Output.Output>) =>
    Effect.suspend(() => {
      const left = events.values()
      let next = left.next()
      return Effect.whileLoop({
        while: () => next.done !== true,
        body: () => {
          let observed = Effect.void
          for (; observed === Effect.void && next.done !== true; next = left.next()) observed = observe(next.value)
          return observed
        },
        step: constVoid
      })
    })

  /** All lines of a chunk in one turn, which costs less than a turn for each. */
  const report = (events: ReadonlyArray<Output.Output>) =>
    events.length === 0 ? Effect.void : turn.withLock(observeAll(events))

  const take = (text: string) => {
    tail.add(text)
    if (observe === Output.nobody) return Effect.void
    observing = true
    return Effect.andThen(report(splitter.split(text)), Effect.sync(() => observing = false))
  }

  return {
    tail,
    chunks: () => observing ? undefined : chunks,
    read: (pipe) =>
      forEachChunk(pipe, (bytes) => {
        chunks++
        return take(decode(bytes))
      }).pipe(
        Effect.andThen(Effect.suspend(() => take(decode()))),
        Effect.andThen(Effect.suspend(() => report(splitter.rest()))),
        Effect.asVoid
      )
  }
}

/**
 * Passes each chunk of bytes to the observer and keeps nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeByteReader = (
  stream: "stdout" | "stderr",
  { about: { environment, id, operation, pid }, observe, turn }: EventObserver
): PipeReader => {
  let chunks = 0
  let observing = false
  return {
    tail: makeTail(1),
    chunks: () => observing ? undefined : chunks,
    read: (pipe) =>
      forEachChunk(pipe, (bytes) => {
        chunks++
        observing = true
        return Effect.andThen(
          turn.withLock(
            observe(new Output.Bytes({ operation, environment, id, pid, stream, bytes }, { disableValidation: true }))
          ),
          Effect.sync(() => observing = false)
        )
      })
  }
}

/** Pulls a pipe to its end, which costs less than `Stream.runForEach`. A broken pipe counts as its end. */
const forEachChunk = (
  pipe: Stream.Stream<Uint8Array, PlatformError>,
  f: (bytes: Uint8Array) => Effect.Effect<unknown>
): Effect.Effect<void> =>
  Stream.toPull(pipe).pipe(
    Effect.flatMap((pull) => Effect.forever(Effect.flatMap(pull, Effect.forEach(f, { discard: true })))),
    Effect.ignore,
    Effect.scoped
  )

/** How long a pipe may be silent after the process has ended. Another process may hold it open. */
const silenceLimit = "1 second"

/**
 * Ends when no reader has received anything for a while and no observer is busy.
 *
 * @since 0.1.0
 * @category operations
 */
export const silence = (readers: ReadonlyArray<PipeReader>): Effect.Effect<void> => {
  const total = () => readers.reduce<number>((sum, reader) => sum + (reader.chunks() ?? Number.NaN), 0)
  return Effect.suspend(() => {
    const before = total()
    return Effect.sleep(silenceLimit).pipe(Effect.andThen(Effect.sync(() => total() === before)))
  }).pipe(Effect.repeat({ until: (silent) => silent }), Effect.asVoid)
}
