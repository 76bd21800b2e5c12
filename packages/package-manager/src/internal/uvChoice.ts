/** What is chosen of a project: where packages go, and what is installed besides. */
import * as Effect from "effect/Effect"
import type { Place, Selection } from "../PackageManager.js"
import * as Pep508 from "../Pep508.js"
import type * as UvManifest from "../UvManifest.js"
import { refuse } from "./options.js"
import type { Task } from "./task.js"
import type { Project } from "./uvProject.js"

/** Fails for names that cannot be those of a group or an extra, and for more than one place. */
export const checkPlace = Effect.fnUntraced(function*(task: Task, { extra, group }: Place) {
  if (extra !== undefined && group !== undefined) {
    return yield* refuse(task, "extra", extra, "a package goes to a group or to an extra, not to both")
  }
  for (const [option, name] of [["extra", extra], ["group", group]] as const) {
    if (name !== undefined && Pep508.normalizedName(name) === undefined) {
      return yield* refuse(task, option, name, "a name has letters, digits, - _ and . only")
    }
  }
})

/** Fails for groups and extras that the manifest does not have. */
export const checkSelection = Effect.fnUntraced(
  function*(task: Task, { decoded }: Project, { extras = [], groups = [] }: Selection) {
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
        return yield* refuse(task, option, unknown, `the manifest has ${known === "" ? "none" : `only ${known}`}`)
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
