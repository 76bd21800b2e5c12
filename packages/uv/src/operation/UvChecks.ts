/**
 * Checks the groups, extras and packages that options name.
 *
 * @module
 * @since 0.1.0
 */
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import type { Place, Selection } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Pep508 from "@darb/python/Pep508"
import * as Effect from "effect/Effect"
import type { Project } from "./UvFiles.js"

/**
 * Checks the names of a group and an extra, which the manifest may not have yet.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkPlace = Effect.fnUntraced(function*(operation: Operation, { extra, group }: Place) {
  if (extra !== undefined && group !== undefined) {
    return yield* refuse(
      operation,
      "extra",
      extra,
      "a package is added to a group or to an extra; use one or the other"
    )
  }
  for (const [option, name] of [["extra", extra], ["group", group]] as const) {
    if (name !== undefined && Pep508.normalizedName(name) === undefined) {
      return yield* refuse(operation, option, name, "a name consists of letters, digits, -, _ and .")
    }
  }
})

/**
 * Checks that the manifest has the groups and extras.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkSelection = Effect.fnUntraced(
  function*({ decoded, ...operation }: Project, { extras = [], groups = [] }: Selection) {
    const selections = [["extras", extras, decoded.optionalDependencies], ["groups", groups, decoded.groups]] as const
    for (const [option, names, table] of selections) {
      const unknown = names.find((name) => !table.has(Pep508.normalized(name)))
      if (unknown === undefined) continue
      const reason = `the manifest has no name like that; its ${option} are: ${[...table.keys()].join(", ") || "none"}`
      return yield* refuse(operation, option, unknown, reason)
    }
  }
)

/**
 * Checks that all packages are among the known ones. uv ignores some that are not.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkKnown = (
  project: Project,
  packages: ReadonlyArray<string>,
  known: ReadonlySet<string>
): Effect.Effect<void, Errors.DependencyNotFound> => {
  const unknown = packages.filter((name) => !known.has(Pep508.normalized(name)))
  return unknown.length === 0
    ? Effect.void
    : new Errors.DependencyNotFound({ ...contextOf(project), packages: unknown })
}
