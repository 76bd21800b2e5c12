/** Records of linked packages, of which the beginning is enough. */

export interface Record {
  readonly name: string
  readonly version: string
  readonly build: string
  readonly channel: string | null
}

type Field = keyof Record

const isField = (key: string): key is Field =>
  key === "name" || key === "version" || key === "build" || key === "channel"

/**
 * What the beginning of a record tells, or `undefined` where it does not tell all, or where it is not sure: then the whole
 * must be parsed. The keys may have any order; pixi writes the long lists of files after these.
 */
export const ofHead = (head: string): Record | undefined => {
  const found: Partial<{ [Key in Field]: string | null }> = {}
  token.lastIndex = 0
  if (next(head) !== "{") return undefined
  while (true) {
    const key = textOf(next(head))
    if (key === undefined || next(head) !== ":") return undefined
    const value = next(head)
    if (value === undefined) return undefined
    if (isField(key)) {
      const text = value === "null" ? null : textOf(value)
      if (text === undefined) return undefined
      found[key] = text
      const record = recordOf(found)
      if (record !== undefined) return record
    } else if ((value === "{" || value === "[") && !skip(head)) return undefined
    if (next(head) !== ",") return undefined
  }
}

/** What a record that was parsed tells, or what is wrong with it. */
export const ofJson = (json: unknown): Record | string => {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return "it is not an object"
  const fields = new Map(Object.entries(json))
  for (const field of ["name", "version", "build"]) {
    if (typeof fields.get(field) !== "string") return `its ${field} is not a text`
  }
  const channel: unknown = fields.get("channel") ?? null
  if (channel !== null && typeof channel !== "string") return "its channel is not a text"
  const { build, name, version } = Object.fromEntries(fields)
  return recordOf({ name, version, build, channel }) ?? "it has no name"
}

const recordOf = (
  { build, channel, name, version }: { readonly [Key in Field]?: string | null | undefined }
): Record | undefined =>
  typeof name === "string" && name !== "" && typeof version === "string" && typeof build === "string" &&
    channel !== undefined
    ? { name, version, build, channel }
    : undefined

/** The tokens of JSON. A text that ends in the midst of one has none there. */
const token =
  /[ \t\r\n]*("(?:[^"\\\u0000-\u001f]|\\.)*"|[{}[\]:,]|(?:null|true|false|-?\d[\d.eE+-]*)(?=[ \t\r\n,\]}]))/y

const next = (head: string): string | undefined => token.exec(head)?.[1]

const textOf = (value: string | undefined): string | undefined => {
  if (value?.startsWith("\"") !== true) return undefined
  if (!value.includes("\\")) return value.slice(1, -1)
  try {
    return String(JSON.parse(value))
  } catch {
    return undefined
  }
}

/** Goes to the end of the list or object that was entered. */
const skip = (head: string): boolean => {
  for (let depth = 1; depth > 0;) {
    const value = next(head)
    if (value === undefined) return false
    if (value === "{" || value === "[") depth++
    else if (value === "}" || value === "]") depth--
  }
  return true
}
