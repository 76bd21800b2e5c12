/** Answers a command line: at once if that is all it takes, else with the library, which is then loaded. */
import { stderr, stdout } from "node:process"
import * as Argv from "./Argv.js"
import * as Help from "./Help.js"
import * as Wrap from "./Wrap.js"

const version = "0.1.0"

/** Returns the exit code, or a promise that resolves when the command runs. */
export const main = (
  argv: ReadonlyArray<string>,
  signal: () => NodeJS.Signals | undefined
): number | Promise<void> => {
  const { json, parsed } = Argv.parse(argv)
  const columns = stdout.columns ?? 80
  const print = (text: string, document: object) => stdout.write(`${json ? JSON.stringify(document) : text}\n`)
  switch (parsed._tag) {
    case "Call":
      return import("./Run.js").then(({ run }) => run(parsed, signal))
    case "Help": {
      const value = Help.help(parsed.command, columns)
      print(value, { format: 1, ok: true, value })
      return 0
    }
    case "Version":
      print(version, { format: 1, ok: true, value: version })
      return 0
    case "Invalid": {
      const { command, message } = parsed
      if (json) print("", { format: 1, ok: false, error: { _tag: "UsageError", message } })
      else {
        const more = `Run darb ${command === undefined ? "" : `${command} `}--help for usage.`
        stderr.write(`${Wrap.text(`darb: ${message}`, stderr.columns ?? Infinity)}\n${more}\n`)
      }
      return 2
    }
  }
}
