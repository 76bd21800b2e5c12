/** Decodes `conda-pypi-map`. */
import { array, boolean, type Decoder, oneOf, string } from "@darb/package-manager/driver/old/tomlDecoder"
import type { CondaPypiMap } from "../PixiDocument.js"
import * as Syntax from "./condaSyntax.js"
import { isTable, record, struct } from "./tomlStruct.js"

const names = array(string)
const pypiNames: Decoder<ReadonlyArray<string>> = (value, context) => {
  if (typeof value === "string") return [value]
  if (value === false) return []
  return Array.isArray(value) ? names(value, context) : context.wrongType("string, array or false", value)
}

const mapTable = struct<Omit<CondaPypiMap, "enabled">>({
  location: string,
  mapping: record(pypiNames),
  mappingMode: oneOf("overlay", "replace"),
  sameNameHeuristic: boolean
}, {
  check: (map, context) => {
    if (Object.keys(map).length === 0) context.doubt("it says nothing")
  }
})

const ofChannel: Decoder<CondaPypiMap> = (value, context) => {
  if (typeof value === "string") return { enabled: true, location: value }
  if (value === false) return { enabled: false }
  if (!isTable(value)) return context.wrongType("string, table or false", value)
  const map = mapTable(value, context)
  return map === undefined ? undefined : { enabled: true, ...map }
}

const channels = record(ofChannel, Syntax.channel)

export const condaPypiMap: Decoder<false | Readonly<Record<string, CondaPypiMap>>> = (value, context) => {
  if (value === false) return false
  return isTable(value) ? channels(value, context) : context.wrongType("table or false", value)
}
