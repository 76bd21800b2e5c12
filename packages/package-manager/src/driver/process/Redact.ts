/** Replaces credentials in URLs by `***`: `https://user:password@host`, and conda's `https://host/t/TOKEN/channel`. */
export const redact = (text: string): string =>
  text.includes("://")
    ? text.replace(/(:\/\/)[^\s/@]+@/g, "$1***@").replace(/(:\/\/[^\s/]+\/t\/)[^\s/]+/g, "$1***")
    : text

/** How many arguments of a command are shown. */
const most = 100

/** A command as it is shown: without credentials, and not longer than anyone reads. */
export const shown = (command: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [head, rest] = [command.slice(0, most), command.length - most]
  return rest > 0 ? [...head.map(redact), `… and ${rest} more`] : head.map(redact)
}
