/** Dependency groups (PEP 735) with what they include. */
import type * as Pep508 from "@darb/python/Pep508"
import type { Context } from "./UvContext.js"
import type { GroupItem } from "./UvPyproject.js"

/** Each group with the requirements of those that it includes. */
export const flattened = (
  groups: ReadonlyMap<string, ReadonlyArray<GroupItem>>,
  legacyDev: ReadonlyArray<Pep508.Requirement>,
  context: Context
): ReadonlyMap<string, ReadonlyArray<Pep508.Requirement>> => {
  const done = new Map<string, ReadonlyArray<Pep508.Requirement>>()
  let total = 0
  for (const name of inOrder(groups, context)) {
    if (total > most) {
      context.failAt(["dependency-groups"], `the groups include more than ${most} requirements`)
      break
    }
    const requirements = new Set<Pep508.Requirement>()
    for (const item of groups.get(name) ?? []) {
      if (!("include" in item)) requirements.add(item)
      else for (const included of done.get(item.include) ?? []) requirements.add(included)
    }
    total += requirements.size
    done.set(name, [...requirements])
  }
  const names = [...groups.keys(), ...(legacyDev.length > 0 ? ["dev"] : [])]
  return new Map(names.map((name) => [
    name,
    name === "dev" ? [...done.get(name) ?? [], ...legacyDev] : done.get(name) ?? []
  ]))
}

/** Groups that include each other multiply what they hold: no project comes near. */
const most = 1_000_000

/** The names of groups, each after those that it includes. Not by recursion: a chain may be long. */
const inOrder = (groups: ReadonlyMap<string, ReadonlyArray<GroupItem>>, context: Context): ReadonlyArray<string> => {
  const finished = new Set<string>()
  const open = new Map<string, number>()
  for (const start of groups.keys()) {
    const stack = finished.has(start) ? [] : [start]
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      const items = groups.get(name) ?? []
      const at = open.get(name) ?? 0
      const item = items[at]
      open.set(name, at + 1)
      if (item === undefined) {
        finished.add(name)
        open.delete(name)
        stack.pop()
      } else if ("include" in item && !finished.has(item.include)) {
        const { include } = item
        const path = ["dependency-groups", name, at, "include-group"]
        if (!groups.has(include)) context.failAt(path, `there is no group ${JSON.stringify(include)}`)
        else if (open.has(include)) {
          const cycle = [...stack.slice(stack.indexOf(include)), include]
          const shown = cycle.length > 10 ? [...cycle.slice(0, 9), "…", include] : cycle
          context.failAt(path, `the group includes itself: ${shown.join(" → ")}`)
        } else stack.push(include)
      }
    }
  }
  return [...finished]
}
