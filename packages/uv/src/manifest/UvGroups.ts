/**
 * `[dependency-groups]` (PEP 735): each group with the requirements of the groups that it includes.
 *
 * @module
 * @since 0.1.0
 */
import { array, map } from "@darb/package-manager/driver/Table"
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { mapOrFail, Name, named, Requirement } from "./UvSchema.js"

const Include = map(Schema.Struct({ "include-group": Name }), (table) => ({ include: table["include-group"] }))

const Item = Schema.Union(Requirement, Include)

type Items = ReadonlyArray<typeof Item.Type>

type Requirements = ReadonlyArray<Pep508.Requirement>

/** Groups that include each other can multiply: more requirements than this are an error. */
const most = 1_000_000

/** The requirements of each group. Without recursion: a chain of includes may be long. */
const flatten = (groups: ReadonlyMap<string, Items>, input: unknown) => {
  const done = new Map<string, Requirements>()
  let count = 0
  const frame = (name: string) => ({ name, items: groups.get(name) ?? [], at: 0, found: new Set<Pep508.Requirement>() })
  const fail = ({ at, name }: { readonly name: string; readonly at: number }, reason: string) => {
    const key = Object.keys(Object(input)).find((written) => Pep508.normalized(written) === name) ?? name
    return Either.left({ path: [key, at, "include-group"], reason })
  }
  for (const start of groups.keys()) {
    const stack = done.has(start) ? [] : [frame(start)]
    const open = new Set([start])
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const item = top.items[top.at]
      if (item === undefined) {
        count += top.found.size
        if (count > most) return Either.left({ path: [], reason: `The groups have more than ${most} requirements` })
        done.set(top.name, [...top.found])
        open.delete(top.name)
        stack.pop()
      } else if ("include" in item && !done.has(item.include)) {
        const { include } = item
        if (!groups.has(include)) return fail(top, `There is no group ${include}`)
        if (open.has(include)) {
          const cycle = stack.slice(stack.findIndex(({ name }) => name === include)).map(({ name }) => name)
          return fail(top, `The group includes itself: ${[...cycle.slice(0, 10), include].join(" → ")}`)
        }
        open.add(include)
        stack.push(frame(include))
      } else {
        for (const one of "include" in item ? done.get(item.include) ?? [] : [item]) top.found.add(one)
        top.at++
      }
    }
  }
  return Either.right(new Map([...groups.keys()].map((name) => [name, done.get(name) ?? []] as const)))
}

/**
 * By normalized name, in the order of the file.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Groups = mapOrFail(named(array(Item)), flatten)
