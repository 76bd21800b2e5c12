// @ts-check

/** A reporter for vitest. The last line of a test run counts passed, failed and skipped tests. */
export default class SummaryReporter {
  /**
   * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
   * @param {ReadonlyArray<unknown>} errors outside of tests
   */
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      // A module that fails to load has no tests.
      counts.failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        counts[state === "pending" ? "failed" : state]++
      }
    }
    const { failed, passed, skipped } = counts
    const line = `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`
    // After the output of the other reporters.
    process.once("beforeExit", () => process.stdout.write(`${line}\n`))
  }
}
