/**
 * A part of an application that needs environments: it makes them ready, says how far it is, tries again what may succeed
 * later, and tells what the user has to put right from what is broken.
 */
import { Output, PackageManager, PackageManagerError } from "@darb/package-manager"
import { Context, Data, type Duration, Effect, Layer, Schedule } from "effect"

/** The user asked for something that there is not: only another request can succeed. */
export class Refused extends Data.TaggedError("Refused")<{ readonly reason: string }> {}

/** It may succeed later, with nothing changed. */
export class TryLater extends Data.TaggedError("TryLater")<{ readonly reason: string }> {}

/** Somebody has to look after this machine. */
export class Broken extends Data.TaggedError("Broken")<{ readonly cause: PackageManagerError.PackageManagerError }> {
  override get message() {
    return this.cause.message
  }
}

export interface Request {
  /** The directory of the environment. */
  readonly path: string
  /** Specs in the manager's language. */
  readonly packages: ReadonlyArray<string>
  /** Where packages come from, for a manager that can be told. */
  readonly channels?: ReadonlyArray<string> | undefined
  /** Gets what a user wants to know, while it happens. */
  readonly report?: ((line: string) => Effect.Effect<void>) | undefined
}

export interface Ready {
  /** Whether there was no environment before. */
  readonly made: boolean
  /** The names of the packages that were added. */
  readonly added: ReadonlyArray<string>
}

export class Workbench extends Context.Tag("example/Workbench")<Workbench, {
  /** Makes the environment, or takes the one that is there, and installs the packages. */
  readonly prepare: (request: Request) => Effect.Effect<Ready, Refused | TryLater | Broken>
}>() {}

export interface Options {
  /** How long it may take in all; 10 minutes by default. */
  readonly limit?: Duration.DurationInput | undefined
}

/** Waits 1, 2 and 4 seconds. */
const patience = Schedule.intersect(Schedule.exponential("1 second"), Schedule.recurs(3))

/** What a caller does about a failure depends on its class alone. */
const reactionTo = (error: PackageManagerError.PackageManagerError): Refused | TryLater | Broken => {
  switch (error._tag) {
    case "InvalidSpec":
    case "PackageNotFound":
    case "PythonNotFound":
    case "Unsolvable":
      return new Refused({ reason: error.message })
    default:
      return PackageManagerError.isRetryable(error)
        ? new TryLater({ reason: error.message })
        : new Broken({ cause: error })
  }
}

/** Most of what a manager says is not for users. */
const lineOf = (event: Output.Event): string | undefined => {
  switch (event._tag) {
    case "Waiting":
      return `waiting for ${event.holder?.operation ?? "another operation"}`
    case "Progress":
      return event.package === null ? event.phase : `${event.phase} ${event.package}`
    default:
      return undefined
  }
}

const make = Effect.fnUntraced(function*({ limit = "10 minutes" }: Options) {
  const packageManager = yield* PackageManager

  const prepare = Effect.fn("Workbench.prepare")(function*({ channels, packages, path, report }: Request) {
    const made = yield* packageManager.init({ path, channels }).pipe(
      Effect.as(true),
      Effect.catchTag("EnvironmentExists", () => Effect.succeed(false))
    )
    const { added } = yield* packageManager.install({ path, packages }).pipe(
      Output.observe((event) => {
        const line = lineOf(event)
        return line === undefined || report === undefined ? Effect.void : report(line)
      }),
      Effect.retry({ schedule: patience, while: PackageManagerError.isRetryable })
    )
    return { made, added: added.map(({ name }) => name) }
  }, Effect.mapError(reactionTo))

  return Workbench.of({
    prepare: (request) =>
      Effect.timeoutFail(prepare(request), {
        duration: limit,
        // The manager was interrupted: its processes have ended, and the environment is as it was before.
        onTimeout: () => new TryLater({ reason: `${request.path} was not ready in time` })
      })
  })
})

export const layer = (options: Options = {}): Layer.Layer<Workbench, never, PackageManager> =>
  Layer.effect(Workbench, make(options))
