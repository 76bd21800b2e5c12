/**
 * One line about why a schema refuses a value.
 *
 * @module
 * @since 0.1.0
 */
import * as ParseResult from "effect/ParseResult"

/**
 * For example `at environments.default.packages: is missing`.
 *
 * @since 0.1.0
 * @category operations
 */
export const firstIssue = (error: ParseResult.ParseError): string => {
  const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
  const path = (issue?.path ?? []).map(String).join(".")
  return `${path === "" ? "" : `at ${path}: `}${issue?.message ?? error.message}`.slice(0, 300)
}
