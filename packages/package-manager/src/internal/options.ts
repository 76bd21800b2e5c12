/** Options that a manager does not have are errors: silence would mean that they were obeyed. */
import * as Effect from "effect/Effect"
import type { Capabilities } from "../Capabilities.js"
import * as Errors from "../PackageManagerError.js"
import type { Directories } from "./directories.js"
import { contextOf, type Task } from "./task.js"

/** Fails with the first option that is given and not one of the supported. */
export const checkOptions = (
  task: Task,
  given: object,
  supported: ReadonlyArray<string>
): Effect.Effect<void, Errors.UnsupportedOption> => {
  const option = Object.entries(given).find(([name, value]) =>
    value !== undefined && name !== "path" && !supported.includes(name)
  )?.[0]
  return option === undefined
    ? Effect.void
    : new Errors.UnsupportedOption({ ...contextOf(task), option, supported: ["path", ...supported] })
}

/** Fails where an option was given with what it does not go with. */
export const refuse = (
  task: Task,
  option: string,
  value: string,
  reason: string
): Effect.Effect<never, Errors.InvalidOption> => new Errors.InvalidOption({ ...contextOf(task), option, value, reason })

/** How every operation begins: with the directory that is named, if the manager has all options that are given. */
export const makeBegin =
  (directories: Directories, { options }: Capabilities) =>
  <Operation extends keyof Capabilities["options"]>(operation: Operation, given: { readonly path: string }) =>
    Effect.tap(
      directories.locate(operation, given.path),
      (task) => checkOptions(task, given, options[operation])
    )
