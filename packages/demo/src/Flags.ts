/** Parses options and arguments of the command line. */
import * as Args from "@effect/cli/Args"
import * as Options from "@effect/cli/Options"
import * as Option from "effect/Option"
import * as Argv from "./Argv.js"

/** An option that may be missing. */
export const optional = (name: string, value: string, description: string) =>
  Options.text(name).pipe(
    Options.withPseudoName(value),
    Options.withDescription(description),
    Options.map(Argv.unsealed),
    Options.optional,
    Options.map(Option.getOrUndefined)
  )

/** An option that has a value each time it is given. */
export const repeated = (name: string, value: string, description: string) =>
  Options.text(name).pipe(
    Options.withPseudoName(value),
    Options.withDescription(description),
    Options.repeated,
    Options.map((values) => values.length === 0 ? undefined : values.map(Argv.unsealed))
  )

export const flag = (name: string, description: string) =>
  Options.boolean(name).pipe(
    Options.withDescription(description),
    Options.map((given) => given ? true : undefined)
  )

export const path = Args.text({ name: "PATH" }).pipe(
  Args.map(Argv.unsealed),
  Args.withDescription("The directory of the environment, relative to environments_root if that is configured.")
)

/** The arguments after the path, of which some may be required. */
export const words = (name: string, atLeast = 0) =>
  Args.text({ name }).pipe(Args.atLeast(atLeast), Args.map((values) => values.map(Argv.unsealed)))
