/**
 * The laws that every package manager obeys, for authors of drivers of `@darb/package-manager`.
 *
 * - `Laws`, `Subject`: the laws, and what they are checked on.
 * - `TestDirectory`, `Processes`: files and processes, for assertions about real executables.
 *
 * Each module is also an entry of its own, such as `@darb/laws/Laws`. `@darb/laws/LiveSuite`, which declares suites of tests,
 * is only there, since it needs `@effect/vitest`.
 *
 * @module
 * @since 0.1.0
 */
export * as Laws from "./laws/Laws.js"
export * as Subject from "./laws/Subject.js"
export * as Processes from "./suite/Processes.js"
export * as TestDirectory from "./suite/TestDirectory.js"
