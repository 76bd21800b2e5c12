// @ts-check
/** Runs a program, and reports its failure. */
import { Failure, Interrupted } from "./failure.js"
import { exitCodeOf } from "./process.js"

/**
 * Gives this process the exit code of what it runs.
 *
 * @param {() => Promise<number>} run
 * @returns {Promise<void>}
 */
export const main = async (run) => {
  try {
    process.exitCode = await run()
  } catch (error) {
    // This also ends what still runs beside the failure.
    if (error instanceof Interrupted) process.exit(exitCodeOf(error.signal))
    if (!(error instanceof Failure)) throw error
    process.stderr.write(`\n${error.message}\n`, () => process.exit(1))
  }
}
