/** Options that a manager does not have are errors: silence would mean that they were obeyed. */
import * as Effect from "effect/Effect"
import type { Capabilities } from "../Capabilities.js"
import * as Errors from "../PackageManagerError.js"
import type { Directories } from "./Directories.js"
import { contextOf, type Operation } from "./Operation.js"

/** Fails with the first option that is given and not one of the supported. */
export const checkOptions = (
  operation: Operation,
  given: object,
  supported: ReadonlyArray<string>
): Effect.Effect<void, Errors.UnsupportedOption> => {
  const option = Object.entries(given).find(([name, value]) =>
    value !== undefined && name !== "path" && !supported.includes(name)
  )?.[0]
  return option === undefined
    ? Effect.void
    : new Errors.UnsupportedOption({ ...contextOf(operation), option, supported: ["path", ...supported] })
}

/** Fails where an option was given with what it does not go with. */
export const refuse = (
  operation: Operation,
  option: string,
  value: string,
  reason: string
): Effect.Effect<never, Errors.InvalidOption> =>
  new Errors.InvalidOption({ ...contextOf(operation), option, value, reason })

/** How every operation begins: with the directory that is named, if the manager has all options that are given. */
export const makeBegin =
  (directories: Directories, { options }: Capabilities) =>
  <Name extends keyof Capabilities["options"]>(name: Name, given: { readonly path: string }) =>
    Effect.tap(
      directories.locate(name, given.path),
      (operation) => checkOptions(operation, given, options[name])
    )
