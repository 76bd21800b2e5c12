// @ts-check

/** Closes a test run with one line that programs read: what passed, failed and was skipped. */
export default class SummaryReporter {
  /**
   * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
   * @param {ReadonlyArray<unknown>} errors outside of tests
   */
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      // A module that cannot be loaded has no tests.
      counts.failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        counts[state === "pending" ? "failed" : state]++
      }
    }
    const { failed, passed, skipped } = counts
    const line = `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`
    // After what the other reporters still print.
    process.once("beforeExit", () => process.stdout.write(`${line}\n`))
  }
}
