// @ts-check
/**
 * Plays a pixi 0.77: it edits pixi.toml and pixi.lock in the order in which pixi does, and installs nothing. What goes
 * wrong is said by a file of its home, `switch.json`; without it, everything goes well.
 */
import { spawn } from "node:child_process"
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync
} from "node:fs"
import { basename, dirname, join } from "node:path"

/**
 * @typedef {object} Switch
 * @property {string} [on] the command that it holds for; by default all that change an environment
 * @property {"hang" | "ignore TERM" | "stray" | "child" | "half JSON" | "gigabyte" | "invalid UTF-8" | "close pipes"
 *   | "half lock" | "bad lock" | "signal"} [fault]
 * @property {"start" | "solve" | "download" | "link" | "end"} [at] where it happens
 * @property {NodeJS.Signals} [signal]
 * @property {"stdout" | "stderr"} [stream]
 * @property {boolean} [pipe] what is left behind holds the pipes open
 * @property {number} [pace] how long each phase takes, in milliseconds
 */

const home = process.env.HOME ?? "/nonexistent"
const [command = "", ...args] = process.argv.slice(2)

/** @type {Record<string, ReadonlyArray<string>>} */
const versions = {
  app: ["1.0", "2.0"],
  bulky: ["1.0"],
  greet: ["1.0", "1.1", "2.0"],
  libleaf: ["0.1.0", "0.2.0"],
  native: ["1.0"],
  python: ["3.11.9", "3.12.4"]
}

/** @returns {Switch} */
const readSwitch = () => {
  const file = join(home, "switch.json")
  const found = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}
  const on = found.on ?? "init add install remove update"
  return on.split(" ").includes(command) ? found : {}
}

const { at = "solve", fault, pace = 0, pipe = false, signal = "SIGKILL", stream = "stdout" } = readSwitch()

/** @param {number | undefined} pid */
const remember = (pid) => appendFileSync(join(home, "pids"), `${pid}\n`)

/** @param {number} milliseconds */
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`)

/**
 * @param {string} reason
 * @returns {never}
 */
const fail = (reason) => {
  writeSync(2, `Error:   × ${reason}\n`)
  process.exit(1)
}

const gigabyte = async () => {
  const chunk = Buffer.from(`${"x".repeat(1023)}\n`.repeat(1024))
  for (let count = 0; count < 1024; count++) {
    await new Promise((resolve) => process[stream].write(chunk, resolve))
  }
}

/** Does what goes wrong in a phase. */
const misbehave = async () => {
  switch (fault) {
    case "hang":
      return sleep(600_000)
    case "ignore TERM":
      process.on("SIGTERM", () => {})
      remember(spawn("sh", ["-c", "trap '' TERM; while :; do sleep 1; done"], { stdio: "ignore" }).pid)
      return sleep(600_000)
    case "stray": {
      const child = spawn("sleep", ["600"], { detached: true, stdio: pipe ? "inherit" : "ignore" })
      remember(child.pid)
      return child.unref()
    }
    case "child": {
      const child = spawn("sleep", ["30"], { stdio: "ignore" })
      remember(child.pid)
      say(`child ${child.pid}`)
      const ended = await new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)))
      return fail(`a process that it had started was ended by ${ended}`)
    }
    case "gigabyte":
      return gigabyte()
    case "invalid UTF-8":
      return writeSync(stream === "stdout" ? 1 : 2, Buffer.from([0x2d, 0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x9f, 0x0a]))
    case "close pipes":
      closeSync(1)
      closeSync(2)
      return sleep(20)
    case "signal":
      process.kill(process.pid, signal)
      return sleep(600_000)
  }
}

/** @param {Switch["at"]} name */
const phase = async (name) => {
  if (pace > 0) await sleep(pace)
  if (name === at) await misbehave()
}

const manifest = args[args.indexOf("--manifest-path") + 1] ?? ""
const lock = join(dirname(manifest), "pixi.lock")
const prefix = join(dirname(manifest), ".pixi", "envs", "default", "conda-meta")
const operands = args.includes("--") ? args.slice(args.indexOf("--") + 1) : []

/** @param {string} text */
const dependenciesIn = (text) =>
  new Map(
    [...(/^\[dependencies\]\n([^[]*)/m.exec(text)?.[1] ?? "").matchAll(/^(\S+) = "(.*)"$/gm)].map((
      [, name = "", spec = ""]
    ) => [name, spec])
  )

/**
 * @param {string} text
 * @param {ReadonlyMap<string, string>} dependencies
 */
const withDependencies = (text, dependencies) =>
  text.replace(
    /^\[dependencies\]\n[^[]*/m,
    () => `[dependencies]\n${[...dependencies].map(([name, spec]) => `${name} = "${spec}"\n`).join("")}`
  )

/**
 * @param {string} name
 * @param {string} spec
 */
const chosen = (name, spec) => {
  const all = versions[name] ??
    fail(`Cannot solve the request because of: No candidates were found for ${name} ${spec}.`)
  const [, exact] = /^==(.*)$/.exec(spec) ?? []
  if (exact !== undefined && !all.includes(exact)) {
    fail(`Cannot solve the request because of: No candidates were found for ${name} ${spec}.`)
  }
  return exact ?? all.at(-1) ?? ""
}

/** @param {ReadonlyMap<string, string>} dependencies */
const solved = (dependencies) => {
  const found = new Map([...dependencies].map(([name, spec]) => [name, chosen(name, spec)]))
  if (found.has("app")) {
    for (const name of ["greet", "libleaf"]) if (!found.has(name)) found.set(name, chosen(name, "*"))
  }
  return [...found].sort(([a], [b]) => a < b ? -1 : 1)
}

/** @param {ReadonlyArray<readonly [string, string]>} packages */
const lockOf = (packages) => {
  const urls = packages.map(([name, version]) => `file:///c/noarch/${name}-${version}-0.conda`)
  return [
    "version: 4",
    "environments:",
    "  default:",
    "    channels:",
    "    - url: file:///c/",
    "    packages:",
    urls.length === 0 ? "      linux-64: []" : "      linux-64:",
    ...urls.map((url) => `      - conda: ${url}`),
    urls.length === 0 ? "packages: []" : "packages:",
    ...packages.flatMap(([name, version], index) => [
      "- kind: conda",
      `  name: ${name}`,
      `  version: '${version}'`,
      "  build: '0'",
      "  subdir: noarch",
      `  url: ${urls[index]}`
    ]),
    ""
  ].join("\n")
}

const readManifest = () => {
  if (!existsSync(manifest)) fail(`could not find pixi.toml at ${manifest}`)
  const text = readFileSync(manifest, "utf8")
  return text.includes("[dependencies]\n") ? text : fail("failed to parse project manifest")
}

const readLock = () => existsSync(lock) ? readFileSync(lock, "utf8") : undefined

/**
 * Solves, downloads and links.
 *
 * @param {string} text
 */
const bring = async (text) => {
  await phase("solve")
  const packages = solved(dependenciesIn(text))
  const wanted = lockOf(packages)
  await phase("download")
  if (fault === "half lock") {
    writeFileSync(lock, wanted.slice(0, wanted.length / 2))
    if (signal !== undefined && at === "end") process.kill(process.pid, signal)
    fail("it has written one half of the lock file")
  }
  if (fault === "bad lock") {
    writeFileSync(lock, Buffer.concat([Buffer.from(wanted.slice(0, -20)), Buffer.from([0xff, 0x00, 0x3a, 0x7b])]))
  } else if (readLock() !== wanted) writeFileSync(lock, wanted)
  await phase("link")
  rmSync(prefix, { recursive: true, force: true })
  mkdirSync(prefix, { recursive: true })
  for (const [name, version] of packages) writeFileSync(join(prefix, `${name}-${version}-0.json`), "{}\n")
  await phase("end")
}

/** @param {(dependencies: Map<string, string>) => void} edit */
const editing = async (edit) => {
  const before = readManifest()
  const dependencies = dependenciesIn(before)
  edit(dependencies)
  const after = withDependencies(before, dependencies)
  if (after !== before) writeFileSync(manifest, after)
  process.once("exit", (code) => code === 1 && writeFileSync(manifest, before))
  await bring(after)
}

/** @param {string} option */
const valuesOf = (option) => args.flatMap((arg) => arg.startsWith(option) ? [arg.slice(option.length)] : [])

/** @param {ReadonlyArray<string>} items */
const array = (items) => `[${items.map((item) => JSON.stringify(item)).join(", ")}]`

/** @type {Record<string, () => unknown>} */
const commands = {
  "--version": async () => {
    await phase("solve")
    process.stdout.write("pixi 0.77.0\n")
  },
  init: async () => {
    const directory = operands[0] ?? ""
    const file = join(directory, "pixi.toml")
    if (existsSync(file)) fail("pixi.toml already exists")
    await phase("start")
    writeFileSync(
      file,
      [
        "[workspace]",
        `channels = ${array(valuesOf("--channel="))}`,
        `name = ${JSON.stringify(basename(directory))}`,
        `platforms = ${array(valuesOf("--platform="))}`,
        "version = \"0.1.0\"",
        "",
        "[tasks]",
        "",
        "[dependencies]",
        ""
      ].join("\n")
    )
    await phase("solve")
    writeFileSync(join(directory, ".gitignore"), ".pixi\n")
    await phase("link")
    writeFileSync(join(directory, ".gitattributes"), "pixi.lock -diff\n")
    await phase("end")
    say(`Created ${file}`)
  },
  add: () =>
    editing((dependencies) => {
      for (const spec of operands) {
        const [, name = "", version = ""] = /^([\w.-]+?)\s*(==.*)?$/.exec(spec) ?? fail(`invalid spec ${spec}`)
        dependencies.set(name, version || `>=${versions[name]?.at(-1) ?? "0"}`)
      }
    }),
  remove: () =>
    editing((dependencies) => {
      for (const name of operands) if (!dependencies.delete(name)) fail(`dependency \`${name}\` was not found in it`)
    }),
  install: async () => {
    const text = readManifest()
    if (args.includes("--locked") && readLock() !== lockOf(solved(dependenciesIn(text)))) {
      fail("lock-file not up-to-date with the workspace")
    }
    await bring(text)
  },
  update: () => bring(readManifest()),
  list: async () => {
    await phase("solve")
    const direct = dependenciesIn(readManifest())
    const listed = [...(readLock() ?? "").matchAll(/^ {2}name: (\S+)\n {2}version: '(.*)'$/gm)].map(
      ([, name = "", version]) => ({
        name,
        version,
        build: "0",
        kind: "conda",
        source: "file:///c/",
        size_bytes: 1,
        is_explicit: direct.has(name)
      })
    )
    const text = JSON.stringify(listed)
    process.stdout.write(fault === "half JSON" ? text.slice(0, text.length / 2) : text)
  },
  search: () => fail(`No packages found matching '${operands[0]}'`)
}

const meanings = {
  ENOSPC: "No space left on device (os error 28)",
  EROFS: "Read-only file system (os error 30)",
  ENOENT: "No such file or directory (os error 2)"
}

process.on("uncaughtException", (error) => {
  const [code] = Object.entries(meanings).find(([code]) => "code" in error && error.code === code) ?? []
  if (code !== undefined) fail(`failed to write\n  ╰─▶ ${meanings[/** @type {keyof typeof meanings} */ (code)]}`)
  fail(String(error.stack))
})

remember(process.pid)
await (commands[command] ?? (() => fail(`it cannot play ${command}`)))()
