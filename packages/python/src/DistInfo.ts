/** What installers of Python packages leave beside them: `NAME-VERSION.dist-info`, with the file `METADATA`. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as FileHead from "./FileHead.js"

/** A `site-packages` with at least one package. */
export interface Place {
  /** The minor version of Python that it is for, such as `3.12`, where its path says it. */
  readonly python: string | undefined
  /** The paths of its `.dist-info`. */
  readonly packages: ReadonlyArray<string>
}

const interpreter = /^(?:python|pypy)(3\.\d+)t?$/

/** The places in an environment, each once, in these directories beside `Lib`. */
export const placesIn = Effect.fnUntraced(function*(directory: string, libraries: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const sites: Array<string> = []
  for (const library of libraries) {
    const names = yield* FileHead.namesIn(path.join(directory, library))
    for (const name of names) {
      if (interpreter.test(name)) sites.push(path.join(library, name, "site-packages"))
    }
  }
  sites.push(path.join("Lib", "site-packages"))
  const found = new Map<string, Place>()
  for (const inner of sites) {
    const site = path.join(directory, inner)
    const names = (yield* FileHead.namesIn(site)).filter((name) => name.endsWith(".dist-info"))
    if (names.length === 0) continue
    // `lib64` is a link to `lib`, and conda's `lib/python3.1` one to `lib/python3.12`: the path without a link is told.
    const real = yield* Effect.mapError(fs.realPath(site), FileHead.unreadable(site))
    if (found.has(real) && !real.endsWith(path.sep + inner)) continue
    const python = interpreter.exec(path.basename(path.dirname(real)))?.[1]
    found.set(real, { python, packages: names.map((name) => path.join(site, name)) })
  }
  return [...found.values()]
})

/** Bytes of a `METADATA` whose head does not tell the name and the version. */
const longest = 4 * 1024 * 1024

/** The name and the version as `METADATA` says them. */
export const metadataIn = Effect.fnUntraced(function*(directory: string, buffer: Uint8Array) {
  const path = yield* Path.Path
  const file = path.join(directory, "METADATA")
  const head = yield* FileHead.read(file, buffer, FileHead.lenient)
  const found = metadataOf(head.text) ??
    metadataOf(`${yield* FileHead.readWhole(file, head, longest, FileHead.lenient)}\n`)
  if (found !== undefined) return found
  return yield* new FileHead.Unread({ file, why: "unfit", reason: "it has no name, or no version" })
})

/** The program that installed the package, or `undefined` where nothing says it. */
export const installerOf = Effect.fnUntraced(function*(directory: string, buffer: Uint8Array) {
  const path = yield* Path.Path
  const head = yield* FileHead.read(path.join(directory, "INSTALLER"), buffer, FileHead.lenient).pipe(
    Effect.catchIf(({ why }) => why === "absent", () => Effect.succeed(undefined))
  )
  return head?.text
})

/** The fields of an e-mail's head: what follows the first empty line is the description. */
const metadataOf = (text: string): { readonly name: string; readonly version: string } | undefined => {
  const end = text.search(/\r?\n\r?\n/)
  const fields = end < 0 ? text.slice(0, text.lastIndexOf("\n") + 1) : text.slice(0, end + 1)
  const name = /^name:[ \t]*(\S+)[ \t\r]*$/im.exec(fields)?.[1]
  const version = /^version:[ \t]*(\S+)[ \t\r]*$/im.exec(fields)?.[1]
  return name === undefined || version === undefined ? undefined : { name, version }
}
