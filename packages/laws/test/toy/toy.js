#!/usr/bin/env node
/**
 * The executable of a toy manager: `toy COMMAND DIRECTORY ARGUMENT...`. Like a real one, it changes the manifest before it
 * solves, and repairs nothing if that fails. TOY_INDEX names a file with the packages.
 */
import * as MemorySolver from "@darb/testing/MemorySolver"
import * as MemorySpec from "@darb/testing/MemorySpec"
import * as Either from "effect/Either"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"

const [command, directory = ".", ...args] = process.argv.slice(2)
const [manifestFile, lockFile] = [join(directory, "toy.json"), join(directory, "toy.lock")]

const read = (file) => JSON.parse(readFileSync(file, "utf8"))
const write = (file, value) => writeFileSync(file, JSON.stringify(value, null, 2) + "\n")
const fail = (error) => {
  console.error(JSON.stringify(error))
  process.exit(1)
}
const right = (either) => Either.getOrElse(either, (explanation) => fail({ _tag: "Unsolvable", explanation }))

/** Solves, and installs. Locked packages keep their versions, except the free ones. */
const sync = (isFree) => {
  const specs = Object.entries(read(manifestFile).packages).map(([name, versions]) =>
    right(MemorySpec.parse(`${name}${versions}`))
  )
  const index = right(MemorySolver.index(read(process.env.TOY_INDEX)))
  const unknown = specs.map(({ name }) => name).filter((name) => !index.has(name))
  if (unknown.length > 0) fail({ _tag: "PackageNotFound", packages: unknown })
  const kept = (existsSync(lockFile) ? read(lockFile) : []).filter(({ name }) => !isFree(name))
  const solution = right(MemorySolver.solve(index, specs, new Map(kept.map(({ name, version }) => [name, version]))))
  const lock = solution.map(({ name, version }) => ({ name, version }))
  write(lockFile, lock)
  mkdirSync(join(directory, ".toy"), { recursive: true })
  write(join(directory, ".toy", "installed.json"), lock)
}

const edit = (change) => {
  const manifest = read(manifestFile)
  change(manifest.packages)
  write(manifestFile, manifest)
}

switch (command) {
  case "--version":
    console.log("toy 1.0")
    break
  case "init":
    write(manifestFile, { name: basename(directory), packages: {} })
    break
  case "add":
    edit((packages) => {
      for (const spec of args.map((text) => right(MemorySpec.parse(text)))) {
        packages[spec.name] = MemorySpec.versions(spec)
      }
    })
    sync(() => false)
    break
  case "remove":
    edit((packages) => args.forEach((name) => delete packages[name]))
    sync(() => false)
    break
  case "sync":
    sync(() => false)
    break
  case "update":
    sync((name) => args.length === 0 || args.includes(name))
    break
  default:
    fail({ _tag: "Unsolvable", explanation: `no command ${command}` })
}
