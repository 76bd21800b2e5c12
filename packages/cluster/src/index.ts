/**
 * `PackageManager` as durable jobs, in one process or on several machines.
 *
 * Each module is also an entry of its own, such as `@darb/cluster/Jobs`.
 *
 * @module
 * @since 0.1.0
 */
export { Jobs } from "./Jobs.js"

export * as Client from "./Client.js"
export * as Embedded from "./Embedded.js"
export * as InMemory from "./InMemory.js"
export * as Job from "./Job.js"
export * as JobError from "./JobError.js"
export * as JobMetrics from "./JobMetrics.js"
export * as JobsOptions from "./Jobs.js"
export * as OperationSchema from "./OperationSchema.js"
export * as Runner from "./Runner.js"
