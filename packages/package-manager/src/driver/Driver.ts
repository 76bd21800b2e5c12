/**
 * Makes the services that the operations of a driver use.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { type Belongings, makeDestruction } from "./Destruction.js"
import { type Directories, makeDirectories } from "./Directories.js"
import { makeEnvironments } from "./Environments.js"
import { type Executable, makeExecutable } from "./executable/Executable.js"
import type { ExecutableDescription, ExecutableOptions } from "./executable/ExecutableDescription.js"
import type { EnvironmentOperation } from "./Operation.js"
import { type Files, makeOperations } from "./Operations.js"
import { makePrograms, type Programs } from "./Programs.js"
import { type Isolation, makeIsolation } from "./transaction/Isolation.js"
import { makeRunRecords } from "./transaction/RunRecords.js"
import { makeTransaction, type Transaction } from "./transaction/Transaction.js"

/**
 * `OwnFiles` is how the driver reads the files of its environments.
 *
 * @since 0.1.0
 * @category models
 */
export interface Driver<Known, Environment extends EnvironmentOperation, Lock, OwnFiles>
  extends ReturnType<typeof makeOperations<Environment, Lock>>
{
  readonly destruction: Effect.Effect.Success<ReturnType<typeof makeDestruction>>
  readonly directories: Directories
  readonly executable: Executable<Known>
  readonly files: OwnFiles
  readonly isolation: Isolation
  readonly programs: Programs
  readonly transaction: Transaction
}

/**
 * Makes what the operations of a driver are written with, from the description of its executable and from how it reads
 * the files of an environment. Each call detects the version again and has its own limit of concurrent operations, so
 * make one driver and share it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeDriver = Effect.fnUntraced(function*<Known, Environment extends EnvironmentOperation, Lock, Own, R>(
  description: ExecutableDescription<Known>,
  options: ExecutableOptions,
  makeFiles: (
    directories: Directories,
    executable: Executable<Known>
  ) => Effect.Effect<Own & Files<Environment, Lock> & Belongings, never, R>
) {
  const { orphans, ...executable } = yield* makeExecutable(description, options)
  const directories = yield* makeDirectories(description.manager, options.root)
  const transaction = yield* makeTransaction(orphans)
  const records = yield* makeRunRecords(orphans)
  const isolation = yield* makeIsolation(transaction, options, records)
  const programs = yield* makePrograms(options, orphans, records)
  const files = yield* makeFiles(directories, executable)
  const operations = makeOperations(files, isolation)
  const environmentsBelow = yield* makeEnvironments({ ...operations, nameOf: files.nameOf })
  const destruction = yield* makeDestruction({
    belongings: files,
    directories,
    environmentsBelow,
    isolation,
    running: records.running
  })
  return { destruction, directories, executable, files, isolation, programs, transaction, ...operations }
})
