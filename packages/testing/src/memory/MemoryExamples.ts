/**
 * The packages that a manager in memory has by default.
 *
 * @module
 * @since 0.1.0
 */
import type { MemoryPackage } from "./MemorySolver.js"

/**
 * Example packages: several versions, dependencies, and one that is unsatisfiable (`orphan`).
 *
 * @since 0.1.0
 * @category values
 */
export const examples: ReadonlyArray<MemoryPackage> = [
  { name: "greet", version: "1.0" },
  { name: "greet", version: "1.1" },
  { name: "greet", version: "2.0" },
  { name: "libleaf", version: "0.1.0" },
  { name: "libleaf", version: "0.2.0" },
  { name: "app", version: "1.0", depends: ["libleaf>=0.1", "greet>=1,<2"] },
  { name: "app", version: "2.0", depends: ["libleaf>=0.2", "greet>=2"] },
  { name: "orphan", version: "1.0", depends: ["nowhere>=1"] }
]
