/**
 * Finds the place of a key in the syntax tree of a TOML file.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { AST } from "toml-eslint-parser"

/**
 * Where a path of keys, or the longest known part of it, is in a file.
 *
 * @since 0.1.0
 * @category models
 */
export interface Place {
  /** How many keys of the path were found. */
  readonly depth: number
  /** The line is counted from 1, the column from 0. */
  readonly start: { readonly line: number; readonly column: number }
  /** The value at the end of the path, with its range in the text. */
  readonly value?: { readonly kind: string; readonly range: readonly [start: number, end: number] }
}

type Node = AST.TOMLContentNode | AST.TOMLTopLevelTable | AST.TOMLTable
type Path = ReadonlyArray<string | number>

const top: Place = { depth: 0, start: { line: 1, column: 0 } }

/**
 * The place of each path in a text, or of the closest key above it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeLocate = (text: string): Effect.Effect<(path: Path) => Place> =>
  // It takes longer to load than a file takes to decode, and only problems need it.
  Effect.map(Effect.promise(() => import("toml-eslint-parser")), ({ parseTOML }) => {
    const root = Either.try(() => parseTOML(text, { tomlVersion: "1.1" }).body[0])
    return (path) => Either.match(root, { onLeft: () => top, onRight: (table) => closest(table, path) })
  })

const closest = (node: Node, path: Path, place: Place = top): Place => {
  if (node.type === "TOMLValue") return { ...place, value: node }
  if (node.type === "TOMLArray") {
    const [key, ...rest] = path
    // An array can stand for a table that has only this key.
    if (typeof key === "string") return closest(node, rest, place)
    const element = node.elements[key ?? -1]
    return element === undefined ? place : closest(element, rest, { depth: place.depth + 1, start: element.loc.start })
  }
  let best = place
  for (const entry of node.body) {
    const keys = entry.type === "TOMLTable" ? entry.resolvedKey : entry.key.keys.map(nameOf)
    const count = keysInCommon(keys, path)
    const start = entry.type === "TOMLTable" ? entry.loc.start : entry.key.keys[count - 1]?.loc.start
    if (count === 0 || start === undefined) continue
    const here = { depth: place.depth + count, start }
    const found = count < keys.length
      ? here
      : closest(entry.type === "TOMLTable" ? entry : entry.value, path.slice(count), here)
    if (found.depth > best.depth) best = found
  }
  return best
}

const nameOf = (key: AST.TOMLBare | AST.TOMLQuoted): string => key.type === "TOMLBare" ? key.name : key.value

/**
 * How many keys at their start two paths have in common.
 *
 * @since 0.1.0
 * @category operations
 */
export const keysInCommon = (a: ReadonlyArray<PropertyKey>, b: ReadonlyArray<PropertyKey>): number => {
  const at = a.findIndex((key, index) => key !== b[index])
  return at === -1 ? a.length : at
}
