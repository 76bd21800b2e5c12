/**
 * Puts command lines into the one order that `@effect/cli` reads without mistakes: the command, its options, `--`, and
 * what is left. It would take an option that it does not know for an argument, a word after `--` for `--help`, and it does
 * not let an option precede its command.
 */

export interface Argv {
  /** For `Command.run`, without the program's own name. */
  readonly args: ReadonlyArray<string>
  /** Whether `--json` was given, also where the rest makes no sense. */
  readonly json: boolean
  /** What makes no sense. */
  readonly problem: string | undefined
}

/** Whether an option is alone, has a value, or has one each of the times that it is given. */
type Kind = "flag" | "value" | "values"

type Options = Readonly<Record<string, Kind>>

/** The options of every command. */
const shared: Options = { manager: "value", executable: "value", config: "value", json: "flag" }

export const commands: Readonly<Record<string, Options>> = {
  story: shared,
  init: { name: "value", python: "value", channel: "values", platform: "values", ...shared },
  install: shared,
  remove: shared,
  update: shared,
  list: shared,
  manifest: shared
}

/** Options of `@effect/cli` itself: with one of them nothing else counts. */
const builtIn: Options = { help: "flag", version: "flag", completions: "value" }

const known: Options = Object.assign({}, builtIn, ...Object.values(commands))

export const normalize = (argv: ReadonlyArray<string>): Argv => {
  const options: Array<readonly [name: string, value: string | undefined]> = []
  const words: Array<string> = []
  const problems: Array<string> = []

  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] as string
    if (word === "--") {
      words.push(...argv.slice(index + 1))
      break
    }
    if (!word.startsWith("-") || word === "-") {
      words.push(word)
      continue
    }
    const [, flag = word, given] = /^(--[^=]+)(?:=(.*))?$/s.exec(word === "-h" ? "--help" : word) ?? []
    const name = flag.replace(/^--/, "")
    const kind = Object.hasOwn(known, name) ? known[name] : undefined
    if (kind === undefined) {
      problems.push(`there is no option ${flag}; what begins with - and is no option comes after --`)
    } else if (kind === "flag") {
      if (given !== undefined) problems.push(`${flag} takes no value`)
      options.push([name, undefined])
    } else if (given !== undefined) {
      options.push([name, given])
    } else {
      const next = argv[index + 1]
      if (next === undefined || next.startsWith("-")) {
        problems.push(`${flag} needs a value; one that begins with - is written ${flag}=VALUE`)
      } else {
        options.push([name, next])
        index++
      }
    }
  }

  const [command = "story", ...rest] = words
  const own = Object.hasOwn(commands, command) ? commands[command] : undefined
  if (own === undefined) {
    problems.unshift(`there is no command ${JSON.stringify(command)}, only ${Object.keys(commands).join(", ")}`)
  } else {
    const names = options.map(([name]) => name).filter((name) => !Object.hasOwn(builtIn, name))
    for (const name of new Set(names)) {
      if (own[name] === undefined) problems.push(`darb ${command} has no option --${name}`)
      else if (own[name] === "value" && names.filter((other) => other === name).length > 1) {
        problems.push(`--${name} is given more than once`)
      }
    }
  }

  const json = options.some(([name]) => name === "json")
  const builtIns = options.filter(([name]) => Object.hasOwn(builtIn, name))
  if (builtIns[0] !== undefined) {
    const [name, value] = builtIns[0]
    const first = written([name, value])
    const args = name === "help" && words.length > 0 && own !== undefined ? [...first, command, ...first] : first
    return { args, json, problem: undefined }
  }
  const flags = options.filter((option, index) =>
    option[1] !== undefined || options.findIndex(([name]) => name === option[0]) === index
  )
  return { args: [command, ...flags.flatMap(written), "--", ...rest], json, problem: problems[0] }
}

const written = ([name, value]: readonly [name: string, value: string | undefined]): ReadonlyArray<string> =>
  value === undefined ? [`--${name}`] : [`--${name}`, value]
