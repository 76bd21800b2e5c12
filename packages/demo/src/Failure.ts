/** The failures of the program, and their exit codes. */
import { ConfigFileInvalid } from "@darb/package-manager/ConfigFile"
import { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import { UnsupportedManager } from "@darb/package-manager/PackageManagers"
import { RunResult } from "@darb/package-manager/RunResult"
import * as Cause from "effect/Cause"
import type { ConfigError } from "effect/ConfigError"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { constants } from "node:os"

/** A value in the configuration is invalid. */
export class ConfigInvalid extends Schema.TaggedError<ConfigInvalid>("@darb/demo/ConfigInvalid")("ConfigInvalid", {
  message: Schema.String
}) {
  static of(error: ConfigError): ConfigInvalid {
    return new ConfigInvalid({ message: String(error) })
  }
}

/** A step of the story did not meet its expectation. */
export class StoryFailed extends Schema.TaggedError<StoryFailed>("@darb/demo/StoryFailed")("StoryFailed", {
  step: Schema.String,
  expected: Schema.String,
  /** The result of the step. */
  found: Schema.Unknown
}) {
  override get message() {
    return `${this.step}: expected: ${this.expected}`
  }
}

/** The directory, the server or the packages of the story cannot be set up. */
export class SandboxFailed extends Schema.TaggedError<SandboxFailed>("@darb/demo/SandboxFailed")("SandboxFailed", {
  message: Schema.String
}) {
  static of({ message }: { readonly message: string }): SandboxFailed {
    return new SandboxFailed({ message })
  }
}

/** A signal ended the program. */
export class Interrupted extends Schema.TaggedError<Interrupted>("@darb/demo/Interrupted")("Interrupted", {
  message: Schema.String
}) {}

/** The program that `run` ran did not end with exit code 0, which is no failure of `darb`. */
export class ProgramEnded
  extends Schema.TaggedError<ProgramEnded>("@darb/demo/ProgramEnded")("ProgramEnded", RunResult.fields)
{
  get code(): number {
    return this.exitCode ?? codeOf(this.signal)
  }
}

/** As shells have it: 128 and the number of the signal. */
const codeOf = (signal: string | null): number =>
  128 + (Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0)

/** A bug in this program. */
export class Defect extends Schema.TaggedError<Defect>("@darb/demo/Defect")("Defect", { message: Schema.String }) {}

/** Made when it is used, since that takes time. */
const makeFailure = () =>
  Schema.Union(
    PackageManagerError,
    UnsupportedManager,
    ConfigFileInvalid,
    ConfigInvalid,
    StoryFailed,
    SandboxFailed,
    Interrupted,
    ProgramEnded,
    Defect
  )
export type Failure = ReturnType<typeof makeFailure>["Type"]

/** The failure as `--json` prints it. Those of this program are encoded without their messages. */
export const encode = (failure: Failure) => ({
  message: failure.message,
  ...Schema.encodeSync(makeFailure())(failure)
})

/** The types of effects say which errors there are; `Schema.is` would take longer than most commands. */
const isFailure = (error: unknown): error is Failure => Predicate.hasProperty(error, "_tag")

/** The failure that a cause is reported as. `left` says what an interruption has left. */
export const fromCause = (cause: Cause.Cause<unknown>, left = "nothing was changed"): Failure => {
  if (Cause.isInterruptedOnly(cause)) {
    return new Interrupted({ message: ["interrupted", left].filter(Boolean).join(": ") })
  }
  return Option.getOrElse(
    Option.filter(Cause.failureOption(cause), isFailure),
    () => new Defect({ message: `this is a bug in darb: ${Cause.squash(cause)}` })
  )
}

/** The exit code of the process; `signal` is the one that interrupted it. */
export const exitCode = (exit: Exit.Exit<unknown, unknown>, signal: string = "SIGINT"): number => {
  if (Exit.isSuccess(exit)) return 0
  const failure = fromCause(exit.cause)
  switch (failure._tag) {
    case "ProgramEnded":
      return failure.code
    case "Interrupted":
      return codeOf(signal)
    // The manager does not have an option of the command line.
    case "UnsupportedOption":
      return 2
    default:
      return 1
  }
}
