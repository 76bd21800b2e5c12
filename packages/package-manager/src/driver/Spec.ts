/**
 * Package specs as all drivers check them before an executable sees them. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Errors from "../PackageManagerError.js"
import { contextOf, type Operation } from "./Operation.js"
import { redact } from "./process/Redact.js"

/**
 * A package spec that its manager accepts.
 *
 * @since 0.1.0
 * @category models
 */
export interface Spec {
  /** The text for the executable. */
  readonly spec: string
  /** Normalized as the manager compares names. */
  readonly name: string
  /** Whether it is a name and nothing else. */
  readonly isBare: boolean
}

/**
 * A text that is not a spec, and why.
 *
 * @since 0.1.0
 * @category models
 */
export interface Refused {
  readonly spec: string
  readonly reason: string
}

/**
 * Checks a spec in the language of a manager, as far as that is possible without its channels.
 *
 * @since 0.1.0
 * @category models
 */
export type Parse = (text: string) => Either.Either<Spec, Refused>

/**
 * Why a text cannot be the value of an option, if it cannot.
 *
 * @since 0.1.0
 * @category validation
 */
export const textProblem = (text: string): string | undefined => {
  if (text.trim() === "") return "it is empty"
  return /[\u0000-\u001f\u007f\p{Surrogate}]/u.test(text)
    ? "it has a control character, such as a line break"
    : undefined
}

/**
 * Parses texts without the spaces around them. `parse` answers with the reason where it refuses one.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parser = (parse: (spec: string) => Either.Either<Omit<Spec, "spec">, string>): Parse => (text) => {
  const spec = text.trim()
  const problem = spec === "" ? "it is empty; give a name, such as numpy" : textProblem(text)
  return Either.mapBoth(problem === undefined ? parse(spec) : Either.left(problem), {
    onLeft: (reason) => ({ spec: text, reason }),
    onRight: (found) => ({ spec, ...found })
  })
}

/**
 * The error for a refused spec. A spec may be a URL, so it is shown without credentials.
 *
 * @since 0.1.0
 * @category errors
 */
export const invalidSpec = (operation: Operation) => ({ reason, spec }: Refused): Errors.InvalidSpec =>
  new Errors.InvalidSpec({ ...contextOf(operation), spec: redact(spec), reason: redact(reason) })
