/** All kinds of faults, in the order of the report. The plan of a seed depends on the order. */
import type { Fault } from "./Fault.js"
import * as Files from "./kinds/Files.js"
import * as Interrupted from "./kinds/Interrupted.js"
import * as Killed from "./kinds/Killed.js"
import * as Output from "./kinds/Output.js"
import * as Surroundings from "./kinds/Surroundings.js"

export const all: ReadonlyArray<Fault> = [
  Killed.manager,
  Killed.child,
  Killed.orphan,
  Killed.program,
  Killed.processGroup,
  Interrupted.beforeStart,
  Interrupted.whileWaiting,
  Interrupted.whileSolving,
  Interrupted.whileDownloading,
  Interrupted.whileLinking,
  Interrupted.whileRollingBack,
  Interrupted.ignoringTerm,
  Output.halfJson,
  Output.gigabyte,
  Output.invalidUtf8,
  Output.closedPipes,
  Output.halfLock,
  Output.halfLockKilled,
  Output.badLock,
  Killed.bySignal,
  Surroundings.fullDisk,
  Surroundings.readOnlyDisk,
  Surroundings.twoPrograms,
  Surroundings.movedDirectory,
  Surroundings.missingExecutable,
  Surroundings.garbageExecutable,
  Surroundings.jumpingTime,
  Files.crashState,
  Files.corruptManifest,
  Files.corruptLock
]
