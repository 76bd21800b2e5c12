/**
 * Validates options. An option that a manager does not have is an error, never ignored.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Capabilities } from "../Capabilities.js"
import * as Errors from "../PackageManagerError.js"
import type { Directories } from "./Directories.js"
import { contextOf, type Operation } from "./Operation.js"

/**
 * Fails with the first option that is present but not supported.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkOptions = (
  operation: Operation,
  options: object,
  supported: ReadonlyArray<string>
): Effect.Effect<void, Errors.UnsupportedOption> => {
  const option = Object.entries(options).find(([name, value]) =>
    value !== undefined && name !== "path" && !supported.includes(name)
  )?.[0]
  return option === undefined
    ? Effect.void
    : new Errors.UnsupportedOption({ ...contextOf(operation), option, supported: ["path", ...supported] })
}

/**
 * Fails because of the value of an option.
 *
 * @since 0.1.0
 * @category validation
 */
export const refuse = (
  operation: Operation,
  option: string,
  value: string,
  reason: string
): Effect.Effect<never, Errors.InvalidOption> =>
  new Errors.InvalidOption({ ...contextOf(operation), option, value, reason })

/**
 * Starts an operation: resolves its directory, and fails if the manager does not support all options.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeValidate =
  (directories: Directories, capabilities: Capabilities) =>
  <Name extends keyof Capabilities["options"]>(name: Name, options: { readonly path: string }) =>
    Effect.tap(
      directories.locate(name, options.path),
      (operation) => checkOptions(operation, options, capabilities.options[name])
    )
