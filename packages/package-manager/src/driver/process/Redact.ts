/**
 * Removes credentials from texts and commands.
 *
 * @module
 * @since 0.1.0
 */

/**
 * Replaces credentials in URLs by `***`: `https://user:password@host`, and conda's `https://host/t/TOKEN/channel`.
 *
 * @since 0.1.0
 * @category encoding
 */
export const redact = (text: string): string =>
  text.includes("://")
    ? text.replace(/(:\/\/)[^\s/@]+@/g, "$1***@").replace(/(:\/\/[^\s/]+\/t\/)[^\s/]+/g, "$1***")
    : text

const maxArguments = 100

/**
 * A command for display: without credentials, and with a limited number of arguments.
 *
 * @since 0.1.0
 * @category encoding
 */
export const shown = (command: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [head, rest] = [command.slice(0, maxArguments), command.length - maxArguments]
  return rest > 0 ? [...head.map(redact), `… and ${rest} more`] : head.map(redact)
}
