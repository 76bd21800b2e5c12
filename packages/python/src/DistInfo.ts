/**
 * Reads what installers of Python packages record in `site-packages`: `NAME-VERSION.dist-info` with `METADATA`.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as FileHead from "./FileHead.js"

/**
 * A `site-packages` directory with at least one package.
 *
 * @since 0.1.0
 * @category models
 */
export interface SitePackages {
  /** The minor version of its Python, such as `3.12`, if the path names it. */
  readonly python: string | undefined
  /** The paths of the `.dist-info` directories. */
  readonly packages: ReadonlyArray<string>
}

const interpreter = /^(?:python|pypy)(3\.\d+)t?$/

/**
 * What is known of an environment.
 *
 * @since 0.1.0
 * @category options
 */
export interface Known {
  /** The names in its directory. */
  readonly names?: ReadonlyArray<string> | undefined
}

/**
 * Finds each `site-packages` of an environment once, in the library directories that are named and in `Lib`.
 *
 * @since 0.1.0
 * @category getters
 */
export const sitePackagesIn = Effect.fnUntraced(function*(
  directory: string,
  libraries: ReadonlyArray<string>,
  { names: known }: Known = {}
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const present = known ?? (yield* FileHead.namesIn(directory))
  const candidates: Array<string> = []
  for (const library of libraries.filter((library) => present.includes(library))) {
    // Most environments have a link `lib64` to `lib`.
    const target = library === "lib64"
      ? yield* Effect.option(fs.readLink(path.join(directory, library)))
      : Option.none<string>()
    if (Option.isSome(target) && libraries.includes(target.value)) continue
    const names = yield* FileHead.namesIn(path.join(directory, library))
    for (const name of names) {
      if (interpreter.test(name)) candidates.push(path.join(library, name, "site-packages"))
    }
  }
  if (present.includes("Lib")) candidates.push(path.join("Lib", "site-packages"))
  const found = new Map<string, SitePackages>()
  for (const candidate of candidates) {
    const site = path.join(directory, candidate)
    const names = (yield* FileHead.namesIn(site)).filter((name) => name.endsWith(".dist-info"))
    if (names.length === 0) continue
    // conda's `lib/python3.1` is a link to `lib/python3.12`: the path without a link wins.
    const real = yield* Effect.mapError(fs.realPath(site), FileHead.unreadable(site))
    if (found.has(real) && !real.endsWith(path.sep + candidate)) continue
    const python = interpreter.exec(path.basename(path.dirname(real)))?.[1]
    found.set(real, { python, packages: names.map((name) => path.join(site, name)) })
  }
  return [...found.values()]
})

/** The size limit of a `METADATA` whose head lacks the name or the version, in bytes. */
const metadataLimit = 4 * 1024 * 1024

/**
 * The name and the version of a package, from `METADATA`.
 *
 * @since 0.1.0
 * @category getters
 */
export const metadataIn = Effect.fnUntraced(function*(directory: string) {
  const path = yield* Path.Path
  const file = path.join(directory, "METADATA")
  const head = yield* FileHead.read(file)
  const found = parseMetadata(yield* FileHead.text(file, head, FileHead.lenient)) ??
    parseMetadata(`${yield* FileHead.wholeText(file, head, metadataLimit, FileHead.lenient)}\n`)
  if (found !== undefined) return found
  return yield* new FileHead.Unread({ file, why: "unfit", reason: "it has no name or no version" })
})

/**
 * The installer of a package, from `INSTALLER`; `undefined` if there is no such file.
 *
 * @since 0.1.0
 * @category getters
 */
export const installerOf = Effect.fnUntraced(function*(directory: string) {
  const path = yield* Path.Path
  const file = path.join(directory, "INSTALLER")
  return yield* FileHead.read(file).pipe(
    Effect.flatMap((head) => FileHead.text(file, head, FileHead.lenient)),
    Effect.catchIf(({ why }) => why === "absent", () => Effect.succeed(undefined))
  )
})

/** Reads the header fields of an email message. The description follows the first empty line. */
const parseMetadata = (text: string): { readonly name: string; readonly version: string } | undefined => {
  const end = text.search(/\r?\n\r?\n/)
  const fields = end < 0 ? text.slice(0, text.lastIndexOf("\n") + 1) : text.slice(0, end + 1)
  const name = /^name:[ \t]*(\S+)[ \t\r]*$/im.exec(fields)?.[1]
  const version = /^version:[ \t]*(\S+)[ \t\r]*$/im.exec(fields)?.[1]
  return name === undefined || version === undefined ? undefined : { name, version }
}
