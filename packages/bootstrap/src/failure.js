// @ts-check

/** Something that the person who ran the command can put right: the message is all that is shown. */
export class Failure extends Error {}

/** A download that did not come about; there may be another way. */
export class Unavailable extends Failure {}

/** A signal ended what was being waited for. */
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
