/** Decoders for tables that keep the order of their keys. */
import { type Context, type Decoder, emptyRecord, maxDepth, put } from "@darb/package-manager/driver/old/tomlDecoder"
import { TomlTable } from "./tomlTable.js"

export type Table = TomlTable

export const isTable = (value: unknown): value is Table => value instanceof TomlTable

export const table: Decoder<Table> = (value, context) => isTable(value) ? value : context.wrongType("table", value)

/** As JavaScript has it; what is nested too deeply is left out. */
export const plain = (value: unknown, depth = 0): unknown => {
  if (depth > maxDepth) return undefined
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1))
  if (!isTable(value)) return value
  const object: Record<string, unknown> = {}
  for (const [index, key] of value.keys.entries()) put(object, key, plain(value.values[index], depth + 1))
  return object
}

/** What only others know the shape of. */
export const anything: Decoder<unknown> = (value) => plain(value)

/** A table of which each key is a name. */
export const record = <A>(
  item: Decoder<A>,
  problem?: (name: string) => string | undefined,
  /** What is there before the keys of the table. */
  start?: (table: Table, decoded: Record<string, A>) => void
): Decoder<Readonly<Record<string, A>>> =>
(value, context) => {
  if (!isTable(value)) return context.wrongType("table", value)
  const { keys, values } = value
  const decoded = emptyRecord<A>()
  start?.(value, decoded)
  for (let index = 0; index < keys.length; index++) {
    const name = keys[index] ?? ""
    if (context.strict && problem !== undefined) {
      const reason = problem(name)
      if (reason !== undefined) context.failAt([name], reason, { value: name })
    }
    const one = context.at(name, item, values[index])
    if (one !== undefined) decoded[name] = one
  }
  return decoded
}

export type Fields<A> = { readonly [K in keyof A]-?: Decoder<Exclude<A[K], undefined>> }

export interface StructOptions<A> {
  readonly required?: ReadonlyArray<keyof A & string>
  /** Keys of older versions, with the field that they are an older name of, if there is one. */
  readonly older?: Readonly<Record<string, (keyof A & string) | null>>
  /** Names of keys that do not follow from those of their fields. */
  readonly names?: { readonly [K in keyof A]?: string }
  /** Other names of fields, which every version of pixi takes. */
  readonly taken?: Readonly<Record<string, keyof A & string>>
  /** Keys that are for others. */
  readonly ignored?: ReadonlyArray<string>
  /** Whether pixi passes over keys that it does not know. */
  readonly open?: boolean
  readonly check?: (value: A, context: Context, table: Table) => void
}

const keyOf = (field: string) => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** A table of known keys. The field `buildNumber` is the key `build-number`. */
export const struct = <A extends object>(fields: Fields<A>, options: StructOptions<A> = {}): Decoder<A> => {
  const { check, older = {}, open = false, required = [], taken = {} } = options
  const names: Readonly<Record<string, string | undefined>> = { ...options.names }
  const decoders: Readonly<Record<string, Decoder<unknown>>> = { ...fields }
  const byKey = new Map<string, Entry>()
  for (const [field, decode] of Object.entries(decoders)) {
    const main = names[field] ?? keyOf(field)
    byKey.set(main, { field, decode, main, isOlder: false, isOther: false })
  }
  const known = [...byKey.keys()]
  for (const [isOlder, others] of [[true, older], [false, taken]] as const) {
    for (const [key, field] of Object.entries(others)) {
      const main = field === null ? "" : names[field] ?? keyOf(field)
      byKey.set(key, { field: field ?? key, decode: decoders[field ?? key] ?? nothing, main, isOlder, isOther: true })
    }
  }
  const ignored = new Set(options.ignored)
  const requiredKeys = required.map((field) => [field, names[field] ?? keyOf(field)] as const)
  return (value, context) => {
    if (!isTable(value)) return context.wrongType("table", value)
    const { keys, values } = value
    const decoded: Record<string, unknown> = {}
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? ""
      const found = byKey.get(key)
      if (found === undefined || (found.isOther && (value.has(found.main) || (found.isOlder && context.exact)))) {
        if (!open && !ignored.has(key)) unknownKey(context, key, values[index], known)
        continue
      }
      const one = context.at(key, found.decode, values[index])
      if (one !== undefined) decoded[found.field] = one
    }
    for (const [field, key] of requiredKeys) {
      if (decoded[field] !== undefined) continue
      if (!value.has(key)) context.failAt([key], "is missing")
      return undefined
    }
    // The fields are those of the type, each from its own decoder.
    const result = decoded as A
    check?.(result, context, value)
    return result
  }
}

interface Entry {
  readonly field: string
  readonly decode: Decoder<unknown>
  /** The key that is the field's. */
  readonly main: string
  readonly isOlder: boolean
  readonly isOther: boolean
}

const nothing = () => undefined

const unknownKey = (context: Context, key: string, value: unknown, known: ReadonlyArray<string>) =>
  context.doubtAt([key], "is not a key that pixi knows here", { known, value })
