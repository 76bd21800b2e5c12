/**
 * Test doubles for applications of `@darb/package-manager`.
 *
 * - `layerMemory`, `Memory`: a package manager in memory, for tests of applications.
 * - `MockExecutor`, `Scripted`, `Recording`: a command executor that starts no process.
 * - `CondaChannel`, `WheelDirectory`, `FileServer`: packages for tests on real executables, without a network.
 *
 * Each module is also an entry of its own, such as `@darb/testing/Memory`.
 *
 * @module
 * @since 0.1.0
 */
export { layerMemory } from "./memory/Memory.js"

export * as Memory from "./memory/Memory.js"
export * as MemorySolver from "./memory/MemorySolver.js"
export * as MemorySpec from "./memory/MemorySpec.js"
export * as MockExecutor from "./mock/MockExecutor.js"
export * as Recording from "./mock/Recording.js"
export * as Scripted from "./mock/Scripted.js"
export * as CondaChannel from "./packages/CondaChannel.js"
export * as FileServer from "./packages/FileServer.js"
export * as WheelDirectory from "./packages/WheelDirectory.js"
