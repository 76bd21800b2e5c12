/** How a command ended, with no more of its output than an error should carry. */
import type { Evidence } from "../../PackageManagerError.js"
import type { Result } from "./CommandResult.js"

export const evidenceOf = ({ command, exitCode, signal, stderr, stdout }: Result): Evidence => ({
  command,
  exitCode,
  signal,
  stdout: end(stdout, 4 * 1024),
  stderr: end(stderr, 16 * 1024)
})

/** The lines at the end of a text that are not more than so many bytes. */
const end = (text: string, limit: number): string => {
  const bytes = new TextEncoder().encode(text.slice(-limit))
  if (text.length <= limit && bytes.length <= limit) return text
  const kept = new TextDecoder().decode(bytes.subarray(-limit)).replace(/^\ufffd+/, "")
  const line = kept.indexOf("\n") + 1
  // A line that is longer than all that is kept stays cut.
  return line === kept.length ? kept : kept.slice(line)
}
