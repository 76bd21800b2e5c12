/**
 * A stand-in for pixi 0.77: it edits pixi.toml and pixi.lock in the order in which pixi does, and installs nothing.
 * It misbehaves as the file `switch.json` of its home says. It imports no Effect, so that it starts as fast as pixi.
 */
// @effect-diagnostics asyncFunction:off
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { fail, failAtHalf, fault, phase, print, remember } from "./standIn/Phases.js"
import * as Project from "./standIn/Project.js"

const [command = "", ...args] = process.argv.slice(2)
const manifest = args[args.indexOf("--manifest-path") + 1] ?? ""
const lock = join(dirname(manifest), "pixi.lock")
const prefix = join(dirname(manifest), ".pixi", "envs", "default", "conda-meta")
const operands = args.includes("--") ? args.slice(args.indexOf("--") + 1) : []

const valuesOf = (option: string): ReadonlyArray<string> =>
  args.flatMap((arg) => arg.startsWith(option) ? [arg.slice(option.length)] : [])

const readManifest = (): string => {
  if (!existsSync(manifest)) fail(`could not find pixi.toml at ${manifest}`)
  const text = readFileSync(manifest, "utf8")
  return text.includes("[dependencies]\n") ? text : fail("failed to parse project manifest")
}

const readLock = (): string | undefined => existsSync(lock) ? readFileSync(lock, "utf8") : undefined

/** Solves, downloads and links what a manifest asks for. */
const bring = async (text: string): Promise<void> => {
  await phase("solve")
  const packages = Project.solved(Project.dependenciesIn(text))
  const wanted = Project.lockOf(packages)
  await phase("download")
  if (fault === "half lock") {
    writeFileSync(lock, wanted.slice(0, wanted.length / 2))
    failAtHalf()
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

/** Writes the manifest first, and puts it back if something fails. */
const editing = (edit: (dependencies: Map<string, string>) => void): Promise<void> => {
  const before = readManifest()
  const dependencies = Project.dependenciesIn(before)
  edit(dependencies)
  const after = Project.withDependencies(before, dependencies)
  if (after !== before) writeFileSync(manifest, after)
  process.once("exit", (code) => code === 1 && writeFileSync(manifest, before))
  return bring(after)
}

const commands: Readonly<Record<string, () => Promise<void>>> = {
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
      Project.manifestOf(basename(directory), valuesOf("--channel="), valuesOf("--platform="))
    )
    await phase("solve")
    writeFileSync(join(directory, ".gitignore"), ".pixi\n")
    await phase("link")
    writeFileSync(join(directory, ".gitattributes"), "pixi.lock -diff\n")
    await phase("end")
    print(`Created ${file}`)
  },
  add: () =>
    editing((dependencies) => {
      for (const spec of operands) {
        const [, name = "", version] = /^([\w.-]+?)\s*(==.*)?$/.exec(spec) ?? fail(`invalid spec ${spec}`)
        dependencies.set(name, version ?? `>=${Project.newest(name)}`)
      }
    }),
  remove: () =>
    editing((dependencies) => {
      for (const name of operands) if (!dependencies.delete(name)) fail(`dependency \`${name}\` was not found in it`)
    }),
  install: async () => {
    const text = readManifest()
    const wanted = () => Project.lockOf(Project.solved(Project.dependenciesIn(text)))
    if (args.includes("--locked") && readLock() !== wanted()) fail("lock-file not up-to-date with the workspace")
    await bring(text)
  },
  update: async () => bring(readManifest()),
  list: async () => {
    await phase("solve")
    const direct = Project.dependenciesIn(readManifest())
    const listed = Project.packagesIn(readLock() ?? "").map(({ name, version }) => ({
      name,
      version,
      build: "0",
      kind: "conda",
      source: "file:///c/",
      size_bytes: 1,
      is_explicit: direct.has(name)
    }))
    const text = JSON.stringify(listed)
    process.stdout.write(fault === "half JSON" ? text.slice(0, text.length / 2) : text)
  },
  search: async () => fail(`No packages found matching '${operands[0]}'`)
}

const meanings: Readonly<Record<string, string>> = {
  ENOSPC: "No space left on device (os error 28)",
  EROFS: "Read-only file system (os error 30)",
  ENOENT: "No such file or directory (os error 2)"
}

process.on("uncaughtException", (error: NodeJS.ErrnoException) => {
  const meaning = meanings[error.code ?? ""]
  fail(meaning === undefined ? String(error.stack) : `failed to write\n  ╰─▶ ${meaning}`)
})

remember(process.pid)
await (commands[command] ?? (() => fail(`it cannot play ${command}`)))()
