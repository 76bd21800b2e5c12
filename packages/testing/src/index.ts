/**
 * What tests of applications and of managers need: `@darb/package-manager/testing`.
 *
 * `layerMemory` and `Memory` are a manager without any executable; `MockExecutor` and `Recording` an executable without
 * processes; `CondaChannel`, `WheelDirectory` and `FileServer` packages without a network; `Laws` and `Subject` what holds for
 * every manager, for whoever writes one. Each module is also an entry of its own, as
 * `@darb/package-manager/testing/Memory`.
 */
export { layerMemory } from "./memory/Memory.js"

export * as Laws from "./laws/Laws.js"
export * as Subject from "./laws/Subject.js"
export * as Memory from "./memory/Memory.js"
export * as MemorySolver from "./memory/MemorySolver.js"
export * as MemorySpec from "./memory/MemorySpec.js"
export * as MockExecutor from "./mock/MockExecutor.js"
export * as Recording from "./mock/Recording.js"
export * as CondaChannel from "./packages/CondaChannel.js"
export * as FileServer from "./packages/FileServer.js"
export * as WheelDirectory from "./packages/WheelDirectory.js"
