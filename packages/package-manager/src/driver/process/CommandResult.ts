/** How a command ended. */
export interface Result {
  /** The executable and its arguments, without credentials. */
  readonly command: ReadonlyArray<string>
  readonly pid: number
  /** `null` if a signal ended it. */
  readonly exitCode: number | null
  readonly signal: string | null
  /** What is kept of standard output: its end, if it was more than the limit. */
  readonly stdout: string
  /** Whether standard output was more than is kept. */
  readonly stdoutCut: boolean
  /** What is kept of standard error, likewise. */
  readonly stderr: string
}
