/** What is chosen of a project: where packages go, and what is installed besides. */
import type { Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import type { Place, Selection } from "@darb/package-manager/PackageManager"
import * as Pep508 from "@darb/python/Pep508"
import * as Effect from "effect/Effect"
import type * as UvManifest from "../manifest/UvManifest.js"
import type { Project } from "./UvProject.js"

/** Fails for names that cannot be those of a group or an extra, and for more than one place. */
export const checkPlace = Effect.fnUntraced(function*(operation: Operation, { extra, group }: Place) {
  if (extra !== undefined && group !== undefined) {
    return yield* refuse(operation, "extra", extra, "a package goes to a group or to an extra, not to both")
  }
  for (const [option, name] of [["extra", extra], ["group", group]] as const) {
    if (name !== undefined && Pep508.normalizedName(name) === undefined) {
      return yield* refuse(operation, option, name, "a name has letters, digits, - _ and . only")
    }
  }
})

/** Fails for groups and extras that the manifest does not have. */
export const checkSelection = Effect.fnUntraced(
  function*(operation: Operation, { decoded }: Project, { extras = [], groups = [] }: Selection) {
    const has = (table: ReadonlyMap<string, unknown>) => (name: string) => table.has(Pep508.normalized(name))
    for (
      const [option, names, table] of [
        ["extras", extras, decoded.optionalDependencies],
        ["groups", groups, decoded.groups]
      ] as const
    ) {
      const unknown = names.find((name) => !has(table)(name))
      if (unknown !== undefined) {
        const known = [...table.keys()].join(", ")
        return yield* refuse(operation, option, unknown, `the manifest has ${known === "" ? "none" : `only ${known}`}`)
      }
    }
  }
)

/** The dependencies at a place of the manifest, by name. */
export const dependenciesAt = (decoded: UvManifest.UvManifest, { extra, group }: Place) => {
  const found = group !== undefined
    ? decoded.groups.get(Pep508.normalized(group))
    : extra !== undefined
    ? decoded.optionalDependencies.get(Pep508.normalized(extra))
    : decoded.dependencies
  return new Map(found?.map((requirement) => [requirement.name, requirement]))
}

/** All extras and groups. */
export const everything = ({ groups, optionalDependencies }: UvManifest.UvManifest) => ({
  extras: [...optionalDependencies.keys()],
  groups: [...groups.keys()]
})
