// @ts-check
/** The failures of the bootstrap. */
/** A failure that the user can fix. Only its message is shown. */
export class Failure extends Error {}

/** A download that failed. There may be another way. */
export class Unavailable extends Failure {}

/** A signal ended the command. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`ended by ${signal}`)
    this.signal = signal
  }
}

/**
 * The message of the innermost cause: fetch says only "fetch failed" itself.
 *
 * @param {unknown} error
 * @returns {string}
 */
export const reasonOf = (error) => {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return reasonOf(error.cause)
  return error.message || ("code" in error ? String(error.code) : error.name)
}
