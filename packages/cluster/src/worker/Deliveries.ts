/**
 * Keeps the results of committed jobs in files, so that a job that is delivered again is not done again.
 *
 * @module
 * @since 0.1.0
 */
import * as Delivery from "@darb/package-manager/driver/Delivery"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { JobId } from "../Job.js"
import { type Change, ChangeResult } from "../OperationSchema.js"

const text = Schema.parseJson(ChangeResult)
const encode = Schema.encode(text)
const decode = Schema.decodeOption(text)

/**
 * A job that was delivered.
 *
 * @since 0.1.0
 * @category models
 */
export interface Delivered {
  readonly id: JobId
  /** The number of its message, which is another one if the database is new. */
  readonly requestId: bigint
  readonly change: Change
  /** The number of attempts before this one. */
  readonly attempts: number
}

/**
 * Runs each job once, however often it is delivered.
 *
 * @since 0.1.0
 * @category models
 */
export interface Deliveries {
  /** Runs a job, unless an earlier attempt was committed. */
  readonly once: (
    job: Delivered,
    effect: Effect.Effect<ChangeResult, PackageManagerError>
  ) => Effect.Effect<ChangeResult, PackageManagerError>
  /** The job is not delivered again. */
  readonly forget: (id: JobId) => Effect.Effect<void>
}

/** Without records, no job is delivered again. */
const unrecorded: Deliveries = { once: (_, effect) => effect, forget: () => Effect.void }

/**
 * `records` is the directory of the records, which is created. Without it, nothing is recorded.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeDeliveries = Effect.fnUntraced(function*(records: string | undefined) {
  if (records === undefined) return unrecorded

  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* Effect.orDie(fs.makeDirectory(records, { recursive: true }))

  /** The records of jobs. */
  const recorded = new Map<JobId, string>()

  const once: Deliveries["once"] = ({ attempts, change: { operation }, id, requestId }, effect) => {
    const record = path.join(records, String(requestId))
    const delivery: Delivery.Delivery = {
      // Another cluster on this host can have a job with the same id, and ends only its own processes.
      marker: `${id}.${globalThis.crypto.randomUUID()}`,
      record,
      encode: (value) => {
        recorded.set(id, record)
        return Effect.orDie(encode({ operation, value } as ChangeResult))
      },
      decode: (text) => Option.map(decode(text), ({ value }) => value)
    }
    const delivered = Effect.provideService(effect, Delivery.Current, delivery)
    // An earlier attempt may have removed the directory, with all that could tell about it.
    return attempts > 0 && operation === "destroy"
      ? Effect.catchTag(delivered, "EnvironmentNotFound", () => Effect.succeed({ operation }))
      : delivered
  }

  const forget: Deliveries["forget"] = (id) =>
    Effect.suspend(() => {
      const record = recorded.get(id)
      recorded.delete(id)
      return record === undefined ? Effect.void : Effect.ignore(fs.remove(record, { force: true }))
    })

  const deliveries: Deliveries = { forget, once }
  return deliveries
})
