/**
 * Calls the operation that a change or a read names.
 *
 * @module
 * @since 0.1.0
 */
import type { PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import type { Change, ChangeResult, Read, ReadResult } from "../OperationSchema.js"

type Manager = PackageManager["Type"]

/**
 * `path` is the absolute path of the environment on this runner.
 *
 * @since 0.1.0
 * @category operations
 */
export const change = (
  manager: Manager,
  path: string,
  { operation, options }: Change
): Effect.Effect<ChangeResult, PackageManagerError> => {
  switch (operation) {
    case "init":
      return Effect.map(manager.init({ ...options, path }), (value) => ({ operation, value }))
    case "install":
      return Effect.map(manager.install({ ...options, path }), (value) => ({ operation, value }))
    case "remove":
      return Effect.map(manager.remove({ ...options, path }), (value) => ({ operation, value }))
    case "update":
      return Effect.map(manager.update({ ...options, path }), (value) => ({ operation, value }))
    case "clean":
    case "destroy":
      return Effect.as(manager[operation]({ path }), { operation })
  }
}

/**
 * The same for a read.
 *
 * @since 0.1.0
 * @category operations
 */
export const read = (
  manager: Manager,
  path: string,
  { operation, options }: Read
): Effect.Effect<ReadResult, PackageManagerError> => {
  switch (operation) {
    case "list":
      return Effect.map(manager.list({ ...options, path }), (value) => ({ operation, value }))
    case "status":
      return Effect.map(manager.status({ ...options, path }), (value) => ({ operation, value }))
    case "getManifest":
      return Effect.map(manager.getManifest({ ...options, path }), (value) => ({ operation, value }))
    case "activation":
      return Effect.map(manager.activation({ ...options, path }), (value) => ({ operation, value }))
  }
}
