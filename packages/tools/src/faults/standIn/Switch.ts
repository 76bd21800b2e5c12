/** How the stand-in for pixi misbehaves: the file `switch.json` of its home says so. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

export interface Switch {
  /** The commands that misbehave; by default those that change an environment. */
  readonly on?: string | undefined
  readonly fault?:
    | "hang"
    | "ignore TERM"
    | "orphan"
    | "child"
    | "half JSON"
    | "gigabyte"
    | "invalid UTF-8"
    | "close pipes"
    | "half lock"
    | "bad lock"
    | "signal"
    | undefined
  /** The phase in which it happens; `solve` by default. */
  readonly at?: Phase | undefined
  readonly signal?: NodeJS.Signals | undefined
  readonly stream?: "stdout" | "stderr" | undefined
  /** Whether an orphan process keeps the pipes open. */
  readonly pipe?: boolean | undefined
  /** How long each phase takes, in milliseconds. */
  readonly pace?: number | undefined
}

export type Phase = "start" | "solve" | "download" | "link" | "end"

export const read = (home: string, command: string): Switch => {
  const file = join(home, "switch.json")
  const found: Switch = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}
  const on = found.on ?? "init add install remove update"
  return on.split(" ").includes(command) ? found : {}
}
