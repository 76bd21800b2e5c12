/**
 * Shortens the result of a command to what an error carries.
 *
 * @module
 * @since 0.1.0
 */
import type { Evidence } from "../../PackageManagerError.js"
import type { Result } from "./CommandResult.js"

/**
 * The evidence of a result: at most 4 KiB of standard output and 16 KiB of standard error, the end of each, cut at a
 * line.
 *
 * @since 0.1.0
 * @category getters
 */
export const evidenceOf = ({ command, exitCode, signal, stderr, stdout }: Result): Evidence => ({
  command,
  exitCode,
  signal,
  stdout: lastLines(stdout, 4 * 1024),
  stderr: lastLines(stderr, 16 * 1024)
})

/** The last lines of a text, with at most `limit` bytes. */
const lastLines = (text: string, limit: number): string => {
  const bytes = new TextEncoder().encode(text.slice(-limit))
  if (text.length <= limit && bytes.length <= limit) return text
  const kept = new TextDecoder().decode(bytes.subarray(-limit)).replace(/^\ufffd+/, "")
  const line = kept.indexOf("\n") + 1
  // A single line that exceeds the limit stays cut.
  return line === kept.length ? kept : kept.slice(line)
}
