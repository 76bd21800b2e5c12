/**
 * Rewrites a command line into the one order that `@effect/cli` parses reliably: the options of `darb`, the command, its
 * options, `--`, and the arguments. In other orders `@effect/cli` takes an unknown option for an argument, and obeys a
 * `--help` after `--`.
 */

export interface Argv {
  /** The arguments of `Command.run`, without the name of the program. */
  readonly args: ReadonlyArray<string>
  /** Whether `--json` was given, even if the command line is invalid. */
  readonly json: boolean
  /** Why the command line is invalid. */
  readonly problem: string | undefined
}

/** An option takes no value, one value, or a value each time it is given. */
type Kind = "flag" | "value" | "values"

type Options = Readonly<Record<string, Kind>>

/** The options that every command has. */
export const shared: Options = { manager: "value", executable: "value", config: "value", json: "flag" }

const place: Options = { group: "value", extra: "value", feature: "value", platform: "values" }

const change: Options = { "with-group": "values", "with-extra": "values", "no-install": "flag", "dry-run": "flag" }

/** The commands and their options. */
export const commands: Readonly<Record<string, Options>> = {
  story: {},
  init: { name: "value", python: "value", channel: "values", platform: "values", index: "values" },
  install: { ...place, index: "values", pypi: "flag", locked: "flag", frozen: "flag", environment: "value", ...change },
  remove: { ...place, ...change },
  update: change,
  list: { environment: "value", platform: "value" },
  status: { environment: "value" },
  manifest: {},
  run: { environment: "value", directory: "value", task: "value" },
  clean: {},
  destroy: {},
  environments: {}
}

/** The options of `@effect/cli`. With one of them the rest of the command line is ignored. */
const builtIn: Options = { help: "flag", version: "flag", completions: "value" }

export const normalize = (argv: ReadonlyArray<string>): Argv => {
  const { options, problems, words } = scan(argv)
  const [command = "story", ...rest] = words
  const json = options.some(({ name }) => name === "json")

  const asked = options.find(({ name }) => name in builtIn)
  if (asked !== undefined) {
    const args = asked.name === "help" && words.length > 0 && Object.hasOwn(commands, command)
      // In this order the usage shows the whole command.
      ? ["--help", command, "--help"]
      : written(asked)
    return { args, json, problem: undefined }
  }

  const distinct = options.filter(isFirstOrValue)
  return {
    args: [
      ...distinct.filter(({ name }) => name in shared).flatMap(written),
      command,
      ...distinct.filter(({ name }) => !(name in shared)).flatMap(written),
      "--",
      ...rest.map(sealed)
    ],
    json,
    problem: [...check(command, options), ...problems][0]
  }
}

interface Given {
  readonly name: string
  readonly value: string | undefined
}

const scan = (argv: ReadonlyArray<string>) => {
  const known: Options = Object.assign({}, builtIn, shared, ...Object.values(commands))
  const options: Array<Given> = []
  const words: Array<string> = []
  const problems: Array<string> = []

  const end = argv.includes("--") ? argv.indexOf("--") : argv.length
  for (let index = 0; index < end; index++) {
    const word = argv[index] === "-h" ? "--help" : argv[index] ?? ""
    const [, flag = word, name = "", value] = /^(--([^=]+))(?:=(.*))?$/s.exec(word) ?? []
    const next = argv[index + 1]
    if (!word.startsWith("-") || word === "-") words.push(word)
    else if (!Object.hasOwn(known, name)) {
      problems.push(`unknown option ${flag}; put arguments that begin with - after --`)
    } else if (known[name] === "flag") {
      if (value !== undefined) problems.push(`${flag} takes no value`)
      options.push({ name, value: undefined })
    } else if (value !== undefined) options.push({ name, value })
    else if (next === undefined || next.startsWith("-")) {
      problems.push(`${flag} needs a value; write a value that begins with - as ${flag}=VALUE`)
    } else {
      options.push({ name, value: next })
      index++
    }
  }
  return { options, words: [...words, ...argv.slice(end + 1)], problems }
}

const check = (command: string, options: ReadonlyArray<Given>): ReadonlyArray<string> => {
  const own = Object.hasOwn(commands, command) ? commands[command] : undefined
  if (own === undefined) {
    return [`unknown command ${JSON.stringify(command)}; the commands are ${Object.keys(commands).join(", ")}`]
  }
  return options.flatMap(({ name }, index) => {
    const kind = own[name] ?? shared[name]
    if (kind === undefined) return [`darb ${command} has no option --${name}`]
    const isRepeated = options.findIndex((other) => other.name === name) < index
    return kind === "value" && isRepeated ? [`--${name} is given more than once`] : []
  })
}

const isFirstOrValue = ({ name, value }: Given, index: number, all: ReadonlyArray<Given>): boolean =>
  value !== undefined || all.findIndex((other) => other.name === name) === index

const written = ({ name, value }: Given): ReadonlyArray<string> => {
  if (value === undefined) return [`--${name}`]
  // A separate word would be parsed as the command.
  return Object.hasOwn(commands, value) ? [`--${name}=${value}`] : [`--${name}`, sealed(value)]
}

const seal = "\u0001"

/** `@effect/cli` trims values and drops empty ones. A value that this would change is sealed. */
const sealed = (value: string): string =>
  value.trim() === value && value !== "" && !value.startsWith(seal) ? value : `${seal}${encodeURIComponent(value)}`

/** The value before it was sealed. */
export const unsealed = (value: string): string =>
  value.startsWith(seal) ? decodeURIComponent(value.slice(seal.length)) : value
