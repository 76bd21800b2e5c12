/** Removes credentials from texts and commands. */

/** Replaces credentials in URLs by `***`: `https://user:password@host`, and conda's `https://host/t/TOKEN/channel`. */
export const redact = (text: string): string =>
  text.includes("://")
    ? text.replace(/(:\/\/)[^\s/@]+@/g, "$1***@").replace(/(:\/\/[^\s/]+\/t\/)[^\s/]+/g, "$1***")
    : text

const maxArguments = 100

/** A command for display: without credentials, and with a limited number of arguments. */
export const shown = (command: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [head, rest] = [command.slice(0, maxArguments), command.length - maxArguments]
  return rest > 0 ? [...head.map(redact), `… and ${rest} more`] : head.map(redact)
}
