/**
 * What a command line asks for, without where and how: so that one that was recorded and one that a driver sends compare.
 * Pure.
 *
 * ```ts
 * CommandWords.equals(
 *   CommandWords.of(["add", "--manifest-path", "/ws/pixi.toml", "greet"]),
 *   CommandWords.of(["add", "--manifest-path", "/elsewhere/pixi.toml", "--", "greet"])
 * ) // true
 * ```
 */

export interface Words {
  /** The subcommand; without one, the first option, such as `--version`; nothing if there are no words. */
  readonly command: string | undefined
  /** What comes besides options, such as specs, sorted. */
  readonly operands: ReadonlyArray<string>
  /** Options by their short names, if they have one, as `-c` or `-c=VALUE`, sorted. */
  readonly options: ReadonlyArray<string>
}

export interface WordsOptions {
  /** A directory that an operand may name: that operand is left out. */
  readonly directory?: string | undefined
  /** Options that are left out besides `ignored`, in the same form. */
  readonly ignore?: ReadonlyArray<string> | undefined
}

/**
 * The options that are left out: they say where the environment is, where packages come from, and how much is printed. An
 * entry with a value leaves out the option with that value only.
 */
export const ignored: ReadonlyArray<string> = [
  ...["--manifest-path", "--directory", "--project", "--format=pixi"],
  ...["--find-links", "--no-index", "--index", "--default-index", "--index-url", "--extra-index-url", "--offline"],
  ...["--no-config", "--config-file", "--cache-dir", "--no-python-downloads"],
  ...["--color", "--no-progress", "-q", "-v"]
]

/**
 * The words of the arguments of a command, which are without the executable. After `--` there are operands only; whether an
 * option takes the next argument for its value is known of those of pixi and uv that a driver may use.
 */
export const of = (argv: ReadonlyArray<string>, { directory, ignore = [] }: WordsOptions = {}): Words => {
  const leftOut = new Set([...ignored, ...ignore].map(canonical))
  const operands: Array<string> = []
  const options: Array<string> = []
  const rest = [...argv]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      operands.push(...rest)
      break
    }
    if (!/^-./.test(word)) {
      operands.push(word)
      continue
    }
    const [name, given] = parts(canonical(word))
    const value = given ?? (withValue.has(name) ? rest.shift() : undefined)
    const option = value === undefined ? name : `${name}=${value}`
    if (!leftOut.has(name) && !leftOut.has(option)) options.push(option)
  }
  const [command = options[0], ...others] = operands
  return {
    command,
    operands: others.filter((operand) => operand !== directory).sort(),
    options: options.sort()
  }
}

/** Whether both ask for the same. */
export const equals = (a: Words, b: Words): boolean => JSON.stringify(a) === JSON.stringify(b)

/** An option and its value. */
const parts = (option: string): readonly [name: string, value: string | undefined] => {
  const at = option.startsWith("--") || shortNames.has(option.slice(0, 2)) ? option.indexOf("=") : -1
  return at === -1 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)]
}

/** An option by its short name, if it has one. */
const canonical = (option: string): string => {
  const [name, value] = parts(option)
  const short = shortOf[name] ?? name
  return value === undefined ? short : `${short}=${value}`
}

const shortOf: Readonly<Record<string, string>> = {
  "--channel": "-c",
  "--environment": "-e",
  "--platform": "-p",
  "--python": "-p",
  "--quiet": "-q",
  "--upgrade": "-U",
  "--upgrade-package": "-P",
  "--verbose": "-v"
}

const shortNames: ReadonlySet<string> = new Set(Object.values(shortOf))

const withValue: ReadonlySet<string> = new Set([
  ...["-c", "-e", "-f", "-p", "-P", "--manifest-path", "--directory", "--project", "--format", "--name"],
  ...["--find-links", "--index", "--default-index", "--index-url", "--extra-index-url", "--index-strategy"],
  ...["--cache-dir", "--config-file", "--color", "--output-format", "--preview-features", "--package", "--bounds"],
  ...["--feature", "--group", "--only-group", "--no-group", "--optional", "--extra", "--no-extra"]
])
