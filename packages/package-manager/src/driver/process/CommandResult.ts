/**
 * The result of a command.
 *
 * @module
 * @since 0.1.0
 */
/**
 * How a command ended, and what it printed: the end of each pipe, up to a limit.
 *
 * @since 0.1.0
 * @category models
 */
export interface Result {
  /** The executable and its arguments, without credentials. */
  readonly command: ReadonlyArray<string>
  readonly pid: number
  /** `null` if a signal ended the process. */
  readonly exitCode: number | null
  readonly signal: string | null
  /** Standard output; only its end if it exceeds the limit. */
  readonly stdout: string
  /** Whether standard output exceeds the limit. */
  readonly stdoutCut: boolean
  /** Standard error; only its end if it exceeds the limit. */
  readonly stderr: string
}
