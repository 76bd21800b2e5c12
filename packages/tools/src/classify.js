#!/usr/bin/env node
// @ts-check
/** Prints how each step of recorded runs of pixi or uv ended, and which class its failure has. */
import * as PackageManagerError from "@darb/package-manager/PackageManagerError"
import * as PixiFailure from "@darb/pixi/PixiFailure"
import * as UvFailure from "@darb/uv/UvFailure"
import * as Schema from "effect/Schema"
import { constants } from "node:os"
import * as Recordings from "./recordings.js"

const usage = `usage: npm run classify DIRECTORY

For each recording in the directory (*.json, as of the README.md beside it): scenario, step, how it ended, the class of
the failure with what decides, and the arguments. They are of the manager that the directory is named after, or else of
the one whose arguments they have. The exit code is 1 if something was not a recording.
`

/** @typedef {import("@darb/package-manager/PackageManagerError").OperationName} Operation */

/** @typedef {import("./recordings.js").Step} Step */

/** @typedef {import("./recordings.js").Manager} Manager */

/** @typedef {readonly [scenario: string, step: string, end: string, class_: string, argv: string]} Row */

/** What the placeholders of recordings stand for: paths must be absolute for the classifier. */
const places = {
  $WS: "/ws",
  $CHANNEL: "/channel",
  $WHEELS: "/wheels",
  $TMP: "/tmp",
  $PIXI_EXE: "$PIXI_EXE",
  $PIXI: "pixi",
  $UV: "uv"
}

/** @param {string} text */
const placed = (text) =>
  text.replace(
    /\$(?:PIXI_EXE|PIXI|UV|WS|WHEELS|CHANNEL|TMP)\b/g,
    (name) => places[/** @type {keyof typeof places} */ (name)]
  )

/** Flags that have a value, before the command. */
const withValue = new Set(["--color", "--manifest-path", "--log-level", "--directory", "--project"])

/** @param {ReadonlyArray<string>} argv */
const subcommandOf = (argv) => argv.find((arg, at) => !arg.startsWith("-") && !withValue.has(argv[at - 1] ?? "")) ?? ""

/** @type {Readonly<Record<string, Operation>>} */
const operations = {
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

/**
 * The driver puts `--` before the packages, and the command first; not all recordings have it so.
 *
 * @param {ReadonlyArray<string>} argv
 */
const asDriven = (argv) => {
  const command = subcommandOf(argv)
  if (!/^(?:add|remove|rm|update)$/.test(command) || argv.includes("--")) return argv
  const rest = argv.toSpliced(argv.indexOf(command), 1)
  const isOperand = rest.map((arg, at) => !arg.startsWith("-") && !named.test(rest[at - 1] ?? ""))
  return [command, ...rest.filter((_, at) => !isOperand[at]), "--", ...rest.filter((_, at) => isOperand[at])]
}

/** @param {ReadonlyArray<string>} argv */
const uvEnvironmentOf = (argv) => {
  const at = argv.indexOf("--directory")
  return (at === -1 ? undefined : argv[at + 1]) ?? "/ws"
}

/** @param {ReadonlyArray<string>} argv */
const manifestOf = (argv) => {
  const at = argv.findIndex((arg) => arg === "--manifest-path" || arg === "-m")
  const given = at !== -1
    ? argv[at + 1]
    : subcommandOf(argv) === "init"
    ? argv.find((arg) => arg.startsWith("/"))
    : undefined
  return given !== undefined && given.endsWith(".toml") ? given : `${given ?? "/ws"}/pixi.toml`
}

/** @param {number} exit */
const signalOf = (exit) =>
  Object.entries(constants.signals).find(([, number]) => number === -exit)?.[0] ?? `SIG${-exit}`

/** @param {unknown} value */
const fieldText = (value) => {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  const line = text.replace(/\s+/g, " ").trim()
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

const common = new Set(["_tag", "manager", "operation", "environment", "evidence", "reason", "file", "line", "column"])

/**
 * The class with the fields that decide; the reason where there are none.
 *
 * @param {import("@darb/package-manager/PackageManagerError").PackageManagerError} error
 */
const classOf = (error) => {
  /** @type {Record<string, any>} */
  const encoded = Schema.encodeSync(PackageManagerError.PackageManagerError)(error)
  const { _tag, column, file, line, reason } = encoded
  const place = typeof file === "string" ? [[file, line, column].filter((part) => part !== undefined).join(":")] : []
  const fields = Object.entries(encoded)
    .filter(([key, value]) => !common.has(key) && value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${fieldText(value)}`)
  const decisive = [...place, ...fields]
  const retry = PackageManagerError.isRetryable(error) ? " (retryable)" : ""
  return `${_tag}${retry} ${decisive.length > 0 ? decisive.join(" ") : fieldText(reason ?? "")}`.trim()
}

/**
 * @param {Manager} manager
 * @param {ReadonlyArray<string>} given
 */
const filesOf = (manager, given) => {
  if (manager === "uv") {
    const environment = uvEnvironmentOf(given)
    return { environment, manifest: `${environment}/pyproject.toml`, lock: `${environment}/uv.lock` }
  }
  const manifest = manifestOf(given)
  const environment = manifest.replace(/\/[^/]*$/, "") || "/"
  return { environment, manifest, lock: `${environment}/pixi.lock` }
}

/**
 * @param {Manager} manager
 * @param {Step} step
 * @returns {readonly [end: string, class_: string]}
 */
const judged = (manager, { argv, exit, stderr = "", stdout = "", timeout }) => {
  if (exit === undefined) return [`timeout ${timeout} s`, "-"]
  if (exit === 0) return ["0", "-"]
  const given = argv.map(placed)
  const { classify } = manager === "uv" ? UvFailure : PixiFailure
  const error = classify({
    operation: operations[subcommandOf(given)] ?? "install",
    ...filesOf(manager, given),
    result: {
      command: [manager, ...(manager === "uv" ? given : asDriven(given))],
      pid: 0,
      exitCode: exit < 0 ? null : exit,
      signal: exit < 0 ? signalOf(exit) : null,
      stdout: placed(stdout),
      stdoutCut: false,
      stderr: placed(stderr)
    }
  })
  return [exit < 0 ? signalOf(exit) : String(exit), classOf(error)]
}

/** @param {ReadonlyArray<string>} argv */
const shortArgv = (argv) => {
  const text = argv.map((arg) => /^[\w@%+=:,./$<>~*-]+$/.test(arg) ? arg : JSON.stringify(arg)).join(" ")
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}

/** @param {ReadonlyArray<Row>} rows */
const aligned = (rows) => {
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd())
}

const [directory, ...rest] = process.argv.slice(2)
if (directory === undefined || directory.startsWith("-") || rest.length > 0) {
  process.stderr.write(usage)
  process.exit(2)
}

const { manager, odd, recordings } = Recordings.read(directory)
const rows = recordings.flatMap(({ scenario, steps }) =>
  steps.map((
    [index, step]
  ) => /** @type {Row} */ ([scenario, String(index), ...judged(manager, step), shortArgv(step.argv)]))
)
const header = /** @type {const} */ (["scenario", "step", "exit", "class", "arguments"])
process.stdout.write([...aligned([header, ...rows]), ""].join("\n"))
for (const text of odd) process.stderr.write(`odd: ${text}\n`)
process.exitCode = odd.length === 0 ? 0 : 1
