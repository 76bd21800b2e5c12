/** Parses the command line. Options may be anywhere before `--`; what follows it are arguments. */
import { didYouMean } from "@darb/package-manager/driver/DidYouMean"
import * as Commands from "./Commands.js"

/** A valid command with what is given. */
export interface Call<Name extends Commands.Name = Commands.Name> {
  readonly _tag: "Call"
  readonly command: Name
  /** Empty if the command has none. */
  readonly path: string
  /** The arguments after the path. */
  readonly words: ReadonlyArray<string>
  readonly options: Commands.Given<(typeof Commands.commands)[Name]["options"]>
  readonly shared: Commands.Given<typeof Commands.shared>
}

export type Argv =
  | Call
  | {
    /** The command is `undefined` if it is unknown. */
    readonly _tag: "Help"
    readonly command: Commands.Name | undefined
  }
  | { readonly _tag: "Version" }
  | {
    readonly _tag: "Invalid"
    readonly command: Commands.Name | undefined
    readonly message: string
  }

/** What is parsed, and whether `--json` was given, even if the command line is invalid. */
export const parse = (argv: ReadonlyArray<string>): { readonly json: boolean; readonly parsed: Argv } => {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length
  const before = argv.slice(0, end).map((word) => word === "-h" ? "--help" : word)
  const { flags, words } = split(before)
  const given = [...words, ...argv.slice(end + 1)]
  const [name = "story", ...rest] = given
  const json = flags.some(({ word }) => word === "--json")

  const command = Commands.isName(name) ? name : undefined
  const invalid = (message: string) => ({ json, parsed: { _tag: "Invalid", command, message } as const })
  for (const { word } of flags) {
    if (word === "--help") return { json, parsed: { _tag: "Help", command: given.length === 0 ? undefined : command } }
    if (word === "--version") return { json, parsed: { _tag: "Version" } }
  }
  if (command === undefined) {
    const known = Object.keys(Commands.commands)
    const meant = Object.hasOwn(Commands.synonyms, name)
      ? `Did you mean ${Commands.synonyms[name]}?`
      : didYouMean(name, known)
    return invalid(`unknown command ${JSON.stringify(name)}. ${meant ?? `The commands are ${known.join(", ")}.`}`)
  }
  const own: Commands.Command = Commands.commands[command]
  const shared: Record<string, unknown> = {}
  const options: Record<string, unknown> = {}
  for (const flag of flags) {
    const found = lookUp(own, flag.word)
    if (found === undefined) return invalid(`darb ${command} has no option ${flag.word}. ${suggestion(own, flag.word)}`)
    const { key, option, target } = found
    const into = target === "shared" ? shared : options
    if (option.kind === "flag") {
      if (flag.inline) return invalid(`${flag.word} takes no value`)
      into[key] = true
    } else if (flag.value === undefined) {
      return invalid(`${flag.word} needs a value. Write one that begins with - as ${flag.word}=VALUE.`)
    } else if (option.kind === "values") into[key] = [...[into[key] ?? []].flat(), flag.value]
    else if (option.kind === "pairs") {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(flag.value) ?? []
      if (name === undefined) return invalid(`${flag.word} needs ${option.value}`)
      into[key] = { ...Object(into[key]), [name]: value }
    } else if (Object.hasOwn(into, key)) return invalid(`${flag.word} is given more than once`)
    else into[key] = flag.value
  }
  const missing = own.words.filter((word) => !word.startsWith("["))[rest.length]
  if (missing !== undefined) return invalid(`${missing.replace("...", "")} is missing`)
  if (rest.length > own.words.length && !own.words.some((word) => word.includes("..."))) {
    return invalid(`darb ${command} does not take the argument ${JSON.stringify(rest[own.words.length])}`)
  }
  const [path = "", ...others] = rest
  // The values have the kinds of the options in the table.
  return { json, parsed: { _tag: "Call", command, path, words: others, options, shared } as Call }
}

/** An option as it is given. */
interface Flag {
  readonly word: string
  readonly value: string | undefined
  /** Whether the value follows `=`. */
  readonly inline: boolean
}

const all: ReadonlyArray<Commands.Option> = [
  Commands.shared,
  ...Object.values(Commands.commands).map(({ options }) => options)
]
  .flatMap((options) => Object.values(options))

/** An option takes the next word if any command has an option of this name with a value. */
const split = (argv: ReadonlyArray<string>) => {
  const flags: Array<Flag> = []
  const words: Array<string> = []
  for (let index = 0; index < argv.length; index++) {
    const given = argv[index] ?? ""
    const [, word = given, value] = /^(--[^=]+)=(.*)$/s.exec(given) ?? []
    const next = argv[index + 1]
    const takesNext = value === undefined && next !== undefined && !next.startsWith("-") &&
      all.some(({ kind, name }) => kind !== "flag" && `--${name}` === word)
    if (!given.startsWith("-") || given === "-") words.push(given)
    else flags.push({ word, value: takesNext ? next : value, inline: value !== undefined })
    if (takesNext) index++
  }
  return { flags, words }
}

const lookUp = (command: Commands.Command, word: string) => {
  for (const [target, options] of [["shared", Commands.shared], ["options", command.options]] as const) {
    for (const [key, option] of Object.entries<Commands.Option>(options)) {
      if (`--${option.name}` === word) return { target, key, option }
    }
  }
  return undefined
}

const suggestion = (command: Commands.Command, word: string): string => {
  const known = [...Object.values(Commands.shared), ...Object.values(command.options)].map(({ name }) => `--${name}`)
  return didYouMean(word, known) ?? "Put arguments that begin with - after --."
}
