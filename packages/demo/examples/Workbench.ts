/**
 * Part of an application that needs environments. It prepares them, reports progress, retries what can succeed later, and
 * separates mistakes of the user from broken machines.
 */
import { Output, PackageManager, PackageManagerError } from "@darb/package-manager"
import { Context, Data, type Duration, Effect, Layer, Schedule } from "effect"

/** The request cannot succeed. The user has to change it. */
export class Refused extends Data.TaggedError("Refused")<{ readonly reason: string }> {}

/** The same request can succeed later. */
export class TryLater extends Data.TaggedError("TryLater")<{ readonly reason: string }> {}

/** An administrator has to fix the machine. */
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
  /** The channels of a new environment. */
  readonly channels?: ReadonlyArray<string> | undefined
  /** Gets lines for the user while the operations run. */
  readonly report?: ((line: string) => Effect.Effect<void>) | undefined
}

export interface Ready {
  /** Whether the environment was created. */
  readonly made: boolean
  /** The names of the packages that were added. */
  readonly added: ReadonlyArray<string>
}

export class Workbench extends Context.Tag("example/Workbench")<Workbench, {
  /** Creates the environment unless it exists, and installs the packages. */
  readonly prepare: (request: Request) => Effect.Effect<Ready, Refused | TryLater | Broken>
}>() {}

export interface Options {
  /** The time limit of a request; 10 minutes by default. */
  readonly limit?: Duration.DurationInput | undefined
}

/** Waits 1, 2 and 4 seconds. */
const patience = Schedule.intersect(Schedule.exponential("1 second"), Schedule.recurs(3))

/** The class of an error decides how to react. */
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

/** Most events are not for users. */
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
        // The operation was interrupted: its processes have ended, and the files are restored.
        onTimeout: () => new TryLater({ reason: `${request.path} was not ready in time` })
      })
  })
})

export const layer = (options: Options = {}): Layer.Layer<Workbench, never, PackageManager> =>
  Layer.effect(Workbench, make(options))
