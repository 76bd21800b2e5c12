/** The text of `--help`. */
import * as Commands from "./Commands.js"
import * as Wrap from "./Wrap.js"

/** The help of a command, or of the program. */
export const help = (name: Commands.Name | undefined, columns: number): string => {
  const command = name === undefined ? overview : Commands.commands[name]
  const { options, text, words }: Commands.Command = command
  const own = Object.values(options)
  return [
    Wrap.text(`${text}\nUsage: ${["darb", name ?? "[COMMAND]", ...words, "[OPTION...]"].join(" ")}`, columns),
    ...(name === undefined ? [section("Commands:", summaries, columns)] : []),
    ...(words.length === 0 ? [] : [section("Arguments:", words.map(argument), columns)]),
    ...(own.length === 0 ? [] : [section("Options:", own.map(row), columns)]),
    section("Options of every command:", [...Object.values(Commands.shared).map(row), ...builtIn], columns)
  ].join("\n\n")
}

type Row = readonly [string, string]

const overview: Commands.Command = {
  text: "Manages environments of Python and conda packages.",
  words: [],
  options: {}
}

const summaries = Object.entries(Commands.commands).map(([name, { text }]): Row => [name, text])

const builtIn: ReadonlyArray<Row> = [["--help, --version", "Shows this, the options of a command, or the version."]]

const argument = (word: string): Row => [word, Commands.words[word.replace(/[^A-Z]/g, "")] ?? ""]

const row = ({ kind, name, text, value }: Commands.Option): Row => [
  kind === "flag" ? `--${name}` : `--${name} ${value}`,
  kind === "values" || kind === "pairs" ? `${text} Repeatable.` : text
]

/** Two columns, of which the second is wrapped. */
const section = (title: string, rows: ReadonlyArray<Row>, columns: number): string => {
  const width = Math.max(...rows.map(([left]) => left.length)) + 4
  return [
    title,
    ...rows.flatMap(([left, text]) =>
      Wrap.words(text, columns - width).map((line, index) =>
        `${`  ${index === 0 ? left : ""}`.padEnd(width)}${line}`.trimEnd()
      )
    )
  ].join("\n")
}
