/** The failure that a recorded command stands for, as its driver classifies it. */
import * as PackageManagerError from "@darb/package-manager/PackageManagerError"
import * as PixiFailure from "@darb/pixi/PixiFailure"
import * as UvFailure from "@darb/uv/UvFailure"
import * as Schema from "effect/Schema"
import { constants } from "node:os"
import type { Manager, Step } from "./Recordings.js"

/** How a step ended, and the class of its failure; `-` if there is none. */
export const classify = (manager: Manager, step: Step): readonly [end: string, class_: string] => {
  const { exit, timeout } = step
  if (exit === undefined) return [`timeout ${timeout} s`, "-"]
  if (exit === 0) return ["0", "-"]
  const argv = step.argv.map(placed)
  const signal = exit < 0 ? signalOf(exit) : null
  const { classify } = manager === "uv" ? UvFailure : PixiFailure
  const error = classify({
    operation: operations[subcommandOf(argv)] ?? "install",
    ...filesOf(manager, argv),
    result: {
      command: [manager, ...(manager === "uv" ? argv : asDriven(argv))],
      pid: 0,
      exitCode: signal === null ? exit : null,
      signal,
      stdout: placed(step.stdout),
      stdoutCut: false,
      stderr: placed(step.stderr)
    }
  })
  return [signal ?? String(exit), classOf(error)]
}

/** What the placeholders of recordings stand for. The classifier expects absolute paths. */
const places: Readonly<Record<string, string>> = {
  $WS: "/ws",
  $CHANNEL: "/channel",
  $WHEELS: "/wheels",
  $TMP: "/tmp",
  $PIXI_EXE: "$PIXI_EXE",
  $PIXI: "pixi",
  $UV: "uv"
}

const placed = (text: string): string =>
  text.replace(/\$(?:PIXI_EXE|PIXI|UV|WS|WHEELS|CHANNEL|TMP)\b/g, (name) => places[name] ?? name)

/** Flags with a value that may come before the command. */
const withValue = new Set(["--color", "--manifest-path", "--log-level", "--directory", "--project"])

const subcommandOf = (argv: ReadonlyArray<string>): string =>
  argv.find((arg, at) => !arg.startsWith("-") && !withValue.has(argv[at - 1] ?? "")) ?? ""

const operations: Readonly<Record<string, PackageManagerError.OperationName>> = {
  init: "init",
  remove: "remove",
  rm: "remove",
  update: "update",
  upgrade: "update",
  list: "list",
  lock: "update",
  pip: "list"
}

/** Flags of `add`, `remove` and `update` whose next argument is no package. */
const named =
  /^(?:--manifest-path|-m|--platform|-p|--feature|-f|--environment|-e|--color|--git|--branch|--tag|--rev|--subdir|-s)$/

/** The arguments as the driver orders them: the command first, and the packages after `--`. Not all recordings do. */
const asDriven = (argv: ReadonlyArray<string>): ReadonlyArray<string> => {
  const command = subcommandOf(argv)
  if (!/^(?:add|remove|rm|update)$/.test(command) || argv.includes("--")) return argv
  const rest = argv.toSpliced(argv.indexOf(command), 1)
  const isOperand = rest.map((arg, at) => !arg.startsWith("-") && !named.test(rest[at - 1] ?? ""))
  return [command, ...rest.filter((_, at) => !isOperand[at]), "--", ...rest.filter((_, at) => isOperand[at])]
}

const filesOf = (manager: Manager, argv: ReadonlyArray<string>) => {
  const valueOf = (...flags: ReadonlyArray<string>) => {
    const at = argv.findIndex((arg) => flags.includes(arg))
    return at === -1 ? undefined : argv[at + 1]
  }
  if (manager === "uv") {
    const environment = valueOf("--directory") ?? "/ws"
    return { environment, manifest: `${environment}/pyproject.toml`, lock: `${environment}/uv.lock` }
  }
  const isInit = subcommandOf(argv) === "init"
  const path = valueOf("--manifest-path", "-m") ?? (isInit ? argv.find((arg) => arg.startsWith("/")) : undefined)
  const manifest = path?.endsWith(".toml") ? path : `${path ?? "/ws"}/pixi.toml`
  const environment = manifest.replace(/\/[^/]*$/, "") || "/"
  return { environment, manifest, lock: `${environment}/pixi.lock` }
}

const signalOf = (exit: number): string =>
  Object.entries(constants.signals).find(([, number]) => number === -exit)?.[0] ?? `SIG${-exit}`

const common = new Set([
  "_tag",
  "message",
  "manager",
  "operation",
  "environment",
  "evidence",
  "reason",
  "file",
  "line",
  "column"
])

/** The class with the fields that decide, or with the reason if there are none. */
const classOf = (error: PackageManagerError.PackageManagerError): string => {
  const encoded: Readonly<Record<string, unknown>> = Schema.encodeSync(PackageManagerError.PackageManagerError)(error)
  const { _tag, column, file, line, reason } = encoded
  const place = typeof file === "string" ? [[file, line, column].filter((part) => part !== undefined).join(":")] : []
  const fields = Object.entries(encoded)
    .filter(([key, value]) => !common.has(key) && value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${fieldText(value)}`)
  const decisive = [...place, ...fields]
  const retry = PackageManagerError.isRetryable(error) ? " (retryable)" : ""
  return `${_tag}${retry} ${decisive.length > 0 ? decisive.join(" ") : fieldText(reason ?? "")}`.trim()
}

const fieldText = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  const line = text.replace(/\s+/g, " ").trim()
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}
