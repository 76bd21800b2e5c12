/** What decoders of uv's files share: they note what is wrong with the path of its key, and go on. */
import { didYouMean, isTable, show } from "@darb/package-manager/driver/old/tomlDecoder"

export type Path = ReadonlyArray<string | number>

export type Table = Readonly<Record<string, unknown>>

/** What is wrong with a value, or with a key. */
export interface Issue {
  readonly path: Path
  readonly reason: string
  /** What would be right there. */
  readonly expected?: string | undefined
  readonly hint?: string | undefined
}

/** A value, or nothing if an issue was noted. */
export type Decoder<A> = (value: unknown, context: Context) => A | undefined

export class Context {
  private readonly path: Array<string | number> = []
  readonly errors: Array<Issue> = []
  readonly warnings: Array<Issue> = []

  constructor(
    /** Whether to judge as uv does. */
    private readonly strict: boolean
  ) {}

  fail(reason: string, expected?: string): undefined {
    this.failAt([], reason, expected)
  }

  failAt(below: Path, reason: string, expected?: string): void {
    this.errors.push({ path: [...this.path, ...below], reason, expected })
  }

  wrongType(expected: string, value: unknown): undefined {
    return this.fail(`expected ${expected}, found ${show(value)}`, expected)
  }

  /** uv does not take it; for those who do not judge as uv does it is a warning. */
  doubtAt(below: Path, reason: string, hint?: string): void {
    const issues = this.strict ? this.errors : this.warnings
    issues.push({ path: [...this.path, ...below], reason, hint })
  }

  /** uv itself only warns, or does not even do that. */
  warnAt(below: Path, reason: string, hint?: string): void {
    this.warnings.push({ path: [...this.path, ...below], reason, hint })
  }

  /** Decodes what a key holds. */
  at<A>(key: string | number, decoder: Decoder<A>, value: unknown): A | undefined {
    this.path.push(key)
    const decoded = decoder(value, this)
    this.path.pop()
    return decoded
  }

  /** Makes warnings of what is wrong. */
  lenient(decode: () => unknown): void {
    const before = this.errors.length
    decode()
    this.warnings.push(...this.errors.splice(before, 100))
    this.errors.length = before
  }
}

export const string: Decoder<string> = (value, context) =>
  typeof value === "string" ? value : context.wrongType("a string", value)

export const boolean: Decoder<boolean> = (value, context) =>
  typeof value === "boolean" ? value : context.wrongType("a boolean", value)

export const integer: Decoder<number> = (value, context) =>
  typeof value === "number" && Number.isInteger(value) ? value : context.wrongType("an integer", value)

export const table: Decoder<Table> = (value, context) => isTable(value) ? value : context.wrongType("a table", value)

export const anything: Decoder<true> = () => true

export const oneOf = <A extends string>(...words: ReadonlyArray<A>): Decoder<A> => (value, context) =>
  words.find((word) => word === value) ?? context.wrongType(`one of ${words.map(show).join(", ")}`, value)

export const array = <A>(item: Decoder<A>): Decoder<ReadonlyArray<A>> => (value, context) => {
  if (!Array.isArray(value)) return context.wrongType("an array", value)
  const decoded: Array<A> = []
  for (let index = 0; index < value.length; index++) {
    const one = context.at(index, item, value[index])
    if (one !== undefined) decoded.push(one)
  }
  return decoded
}

export interface TableOptions {
  readonly required?: ReadonlyArray<string> | undefined
  /** What a key is that is not known: no matter, worth a warning, or refused by uv. */
  readonly others?: "ignored" | "warned" | "refused" | undefined
}

export type Values<F> = { readonly [K in keyof F]?: F[K] extends Decoder<infer A> ? A | undefined : never }

/** A table with known keys, each with its decoder. */
export const fields = <F extends Readonly<Record<string, Decoder<unknown>>>>(
  decoders: F,
  { others = "ignored", required = [] }: TableOptions = {}
): Decoder<Values<F>> => {
  const known = new Map<string, Decoder<unknown>>(Object.entries(decoders))
  return (value, context) => {
    if (!isTable(value)) return context.wrongType("a table", value)
    const decoded: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      const decoder = known.get(key)
      if (decoder !== undefined) decoded[key] = context.at(key, decoder, value[key])
      else if (others !== "ignored") unknownKey(context, key, [...known.keys()], others)
    }
    for (const key of required) if (!Object.hasOwn(value, key)) context.failAt([key], "is missing")
    // The values are those of the type, each from its own decoder.
    return decoded as Values<F>
  }
}

export const unknownKey = (
  context: Context,
  key: string,
  known: ReadonlyArray<string>,
  others: "warned" | "refused"
): void => {
  const [reason, hint] = ["is not a key that uv knows here", didYouMean(key, known)]
  if (others === "refused") context.doubtAt([key], reason, hint)
  else context.warnAt([key], reason, hint)
}
