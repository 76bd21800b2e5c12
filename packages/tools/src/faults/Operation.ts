/** The operations that faults are injected into, as data. */
import type { Changes } from "@darb/package-manager/Changes"
import type { Manifest } from "@darb/package-manager/Manifest"
import type { Package } from "@darb/package-manager/Package"
import type { PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

export type Manager = Context.Tag.Service<PackageManager>

export interface Operation {
  readonly name: "init" | "install" | "remove" | "update" | "list" | "getManifest" | "clean" | "destroy"
  readonly path: string
  readonly packages?: ReadonlyArray<string> | undefined
  readonly locked?: boolean | undefined
  readonly dryRun?: boolean | undefined
  readonly channels?: ReadonlyArray<string> | undefined
  readonly platforms?: ReadonlyArray<string> | undefined
  readonly indexes?: ReadonlyArray<string> | undefined
}

/** What an operation results in. */
export type Value = Changes | Manifest | ReadonlyArray<Package> | void

export const perform = (
  manager: Manager,
  { channels, dryRun, indexes, locked, name, packages = [], path, platforms }: Operation
): Effect.Effect<Value, PackageManagerError> => {
  switch (name) {
    case "init":
      return manager.init({ path, channels, indexes, platforms })
    case "install":
      return manager.install({ path, packages, locked, dryRun })
    case "remove":
      return manager.remove({ path, packages })
    case "update":
      return manager.update({ path })
    case "list":
      return manager.list({ path })
    case "getManifest":
      return manager.getManifest({ path })
    case "clean":
      return manager.clean({ path })
    case "destroy":
      return manager.destroy({ path })
  }
}

/** One line for messages: the name and the packages. */
export const shown = ({ locked, name, packages = [] }: Operation): string =>
  [name, ...packages, ...(locked ? ["locked"] : [])].join(" ")
