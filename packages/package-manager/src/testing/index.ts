/**
 * What tests of applications and of managers need: `@darb/package-manager/testing`.
 *
 * `layerMemory` and `Memory` are a manager without any executable; `MockExecutor` and `Recording` an executable without
 * processes; `CondaChannel`, `WheelDirectory` and `FileServer` packages without a network; `Laws` and `Subject` what holds for
 * every manager, for whoever writes one. Each module is also an entry of its own, as
 * `@darb/package-manager/testing/Memory`.
 */
export { layerMemory } from "./Memory.js"

export * as CondaChannel from "./CondaChannel.js"
export * as FileServer from "./FileServer.js"
export * as Laws from "./Laws.js"
export * as Memory from "./Memory.js"
export * as MemorySolver from "./MemorySolver.js"
export * as MemorySpec from "./MemorySpec.js"
export * as MockExecutor from "./MockExecutor.js"
export * as Recording from "./Recording.js"
export * as Subject from "./Subject.js"
export * as WheelDirectory from "./WheelDirectory.js"
