/**
 * Compares a recorded command line with one that a driver sends: what it asks for counts, where and how it runs does not.
 * `add --manifest-path /ws/pixi.toml greet` equals `add --manifest-path /elsewhere/pixi.toml -- greet`.
 *
 * @module
 * @since 0.1.0
 */

interface Words {
  /** The subcommand, or the first option, such as `--version`, if there is none. */
  readonly command: string | undefined
  /** The sorted operands, such as specs. */
  readonly operands: ReadonlyArray<string>
  /** The sorted options as `-c` or `-c=VALUE`, by their short names if they have one. */
  readonly options: ReadonlyArray<string>
}

/**
 * What else does not count.
 *
 * @since 0.1.0
 * @category options
 */
export interface WordsOptions {
  /** A directory; an operand that names it is left out. */
  readonly directory?: string | undefined
  /** More options to leave out, in the form of `ignored`. */
  readonly ignore?: ReadonlyArray<string> | undefined
}

/**
 * The options that are left out: those for the place of the environment, the source of packages and the amount of output.
 * An entry with a value matches only the option with that value.
 *
 * @since 0.1.0
 * @category values
 */
export const ignored: ReadonlyArray<string> = [
  ...["--manifest-path", "--directory", "--project", "--format=pixi"],
  ...["--find-links", "--no-index", "--index", "--default-index", "--index-url", "--extra-index-url", "--offline"],
  ...["--no-config", "--config-file", "--cache-dir", "--no-python-downloads"],
  ...["--color", "--no-progress", "-q", "-v"]
]

/**
 * Parses the arguments of a command, without the executable. After `--` all are operands. The options of pixi and uv that
 * take a value are known.
 *
 * @since 0.1.0
 * @category constructors
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

/**
 * Whether both ask for the same thing.
 *
 * @since 0.1.0
 * @category predicates
 */
export const equals = (a: Words, b: Words): boolean => JSON.stringify(a) === JSON.stringify(b)

/** An option and its value. */
const parts = (option: string): readonly [name: string, value: string | undefined] => {
  const at = option.startsWith("--") || shortNames.has(option.slice(0, 2)) ? option.indexOf("=") : -1
  return at === -1 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)]
}

/** The short name of an option, if it has one. */
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
