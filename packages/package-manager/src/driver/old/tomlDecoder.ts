/**
 * Decoders for what a TOML parser returns: plain functions, since a Schema takes longer than the parser does. They note
 * every issue with the path of its key and go on; a place in the text is looked up only when an issue is reported.
 */

export type Path = ReadonlyArray<string | number>

/** What is wrong with a value, or with a key. */
export interface Issue {
  readonly path: Path
  readonly reason: string
  /** What would be right there. */
  readonly expected?: string | undefined
  readonly hint?: string | undefined
  /** What could be meant, if the last key is a wrong one. */
  readonly known?: ReadonlyArray<string> | undefined
  /** What stands there instead. */
  readonly value?: unknown
}

export type Table = Record<string, unknown>

/** A value, or nothing if an issue was noted. */
export type Decoder<A> = (value: unknown, context: Context) => A | undefined

/** Deeper than any manifest, and far from the end of the stack. */
export const maxDepth = 200

export class Context {
  readonly path: Array<string | number> = []
  readonly errors: Array<Issue> = []
  readonly warnings: Array<Issue> = []

  constructor(
    /** Whether to judge as pixi does: it refuses keys that it does not know, and checks the syntax of what it reads. */
    readonly strict: boolean,
    /** Whether to refuse also what only older versions take. */
    readonly exact = strict
  ) {}

  /** No version of pixi takes it. */
  fail(reason: string, more?: Omit<Issue, "path" | "reason">): undefined {
    this.errors.push({ path: [...this.path], reason, ...more })
    return undefined
  }

  /** The pixi that is judged by does not take it; another one may. */
  doubt(reason: string, more?: Omit<Issue, "path" | "reason">): void {
    const issues = this.strict ? this.errors : this.warnings
    issues.push({ path: [...this.path], reason, ...more })
  }

  wrongType(expected: string, value: unknown): undefined {
    return this.fail(`Expected ${expected}, actual ${show(value)}`, { expected, value })
  }

  /** Decodes what a key holds. */
  at<A>(key: string | number, decoder: Decoder<A>, value: unknown): A | undefined {
    this.path.push(key)
    const decoded = this.path.length > maxDepth ? this.fail("it is nested too deeply") : decoder(value, this)
    this.path.pop()
    return decoded
  }

  /** Notes an issue of a key below. */
  failAt(path: Path, reason: string, more?: Omit<Issue, "path" | "reason">): void {
    this.errors.push({ path: [...this.path, ...path], reason, ...more })
  }

  doubtAt(path: Path, reason: string, more?: Omit<Issue, "path" | "reason">): void {
    const issues = this.strict ? this.errors : this.warnings
    issues.push({ path: [...this.path, ...path], reason, ...more })
  }
}

export const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)

export const show = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (Array.isArray(value)) return "an array"
  if (value instanceof Date) return "a date"
  return isTable(value) ? "a table" : String(value)
}

/** A record for names of any kind: `__proto__` and `constructor` are names like others in it. */
export const emptyRecord = <A>(): Record<string, A> => Object.create(null) as Record<string, A>

/** Sets what may be called `__proto__`. */
export const put = <A>(record: Record<string, A>, key: string, value: A): void => {
  if (key === "__proto__") {
    Object.defineProperty(record, key, { value, configurable: true, enumerable: true, writable: true })
  } else record[key] = value
}

/** What a record has of its own. */
export const get = <A>(record: Readonly<Record<string, A>>, key: string): A | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

export const string: Decoder<string> = (value, context) =>
  typeof value === "string" ? value : context.wrongType("string", value)

export const boolean: Decoder<boolean> = (value, context) =>
  typeof value === "boolean" ? value : context.wrongType("boolean", value)

export const integer: Decoder<number> = (value, context) =>
  typeof value === "number" && Number.isInteger(value) ? value : context.wrongType("integer", value)

export const table: Decoder<Table> = (value, context) => isTable(value) ? value : context.wrongType("table", value)

/** A string whose syntax is checked only where pixi is judged by. */
export const text = (problem: (value: string) => string | undefined): Decoder<string> => (value, context) => {
  if (typeof value !== "string") return context.wrongType("string", value)
  if (context.strict) {
    const reason = problem(value)
    if (reason !== undefined) context.fail(reason, { value })
  }
  return value
}

/** One of the words. A newer pixi may have more of them. */
export const oneOf = <A extends string>(...words: ReadonlyArray<A>): Decoder<A> => {
  const isWord = (value: string): value is A => words.some((word) => word === value)
  return (value, context) => {
    if (typeof value !== "string") return context.wrongType("string", value)
    if (isWord(value)) return value
    const expected = `one of ${words.map(show).join(", ")}`
    context.doubt(`Expected ${expected}, actual ${show(value)}`, { expected, hint: didYouMean(value, words), value })
    return undefined
  }
}

export const array = <A>(item: Decoder<A>): Decoder<ReadonlyArray<A>> => (value, context) => {
  if (!Array.isArray(value)) return context.wrongType("array", value)
  const decoded: Array<A> = []
  for (let index = 0; index < value.length; index++) {
    const one = context.at(index, item, value[index])
    if (one !== undefined) decoded.push(one)
  }
  return decoded
}

export const didYouMean = (word: string, words: ReadonlyArray<string>): string | undefined => {
  if (word.length > 40) return undefined
  const same = (text: string) => text.toLowerCase().replaceAll("_", "-")
  let best: string | undefined
  let least = word.length < 4 ? 2 : 3
  for (const candidate of words) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const distance = editDistance(same(word), same(candidate))
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best === undefined ? undefined : `Did you mean ${best}?`
}

const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
