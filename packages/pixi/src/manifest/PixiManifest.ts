/** Reads the manifests of pixi: `pixi.toml`, `mojoproject.toml`, and `[tool.pixi]` of `pyproject.toml`. Pure. */
import { put } from "@darb/package-manager/driver/old/tomlDecoder"
import { Manifest } from "@darb/package-manager/Manifest"
import * as Either from "effect/Either"
import * as PixiToml from "./old/pixiToml.js"
import { isTable, type Table } from "./old/tomlStruct.js"
import { format } from "./PixiDependency.js"
import type { PixiDocument } from "./PixiDocument.js"
import * as PixiEnvironment from "./PixiEnvironment.js"

/** What is wrong with a manifest, and where. Lines and columns are counted from 1. */
export interface Problem {
  readonly reason: string
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** What is wrong with a value. */
export interface ValueProblem extends Problem {
  /** The keys from the root of the file to the value; empty if the file is not TOML. */
  readonly path: ReadonlyArray<string | number>
  /** What would be right there. */
  readonly expected?: string | undefined
  /** What may have been meant: `Did you mean "1.10"?`. */
  readonly hint?: string | undefined
}

/** The files that can be a manifest, in the order in which pixi looks for them. */
export const fileNames = ["pixi.toml", "pyproject.toml", "mojoproject.toml"] as const
export type FileName = typeof fileNames[number]

export interface Source {
  /** The absolute path of the manifest. */
  readonly file: string
  readonly fileName: FileName
  /** The name of the directory, which is the environment's where the manifest does not name it. */
  readonly directoryName: string
  readonly bytes: Uint8Array
}

export interface Options {
  /**
   * `true` refuses what pixi refuses, unless an older pixi takes it; `"0.77"` judges as pixi 0.77 does. Default: no, and
   * then a key that pixi does not know is a warning, and the syntax of versions, URLs and the like is left to pixi, since
   * a newer one may take more.
   */
  readonly strict?: boolean | "0.77" | undefined
}

/** All that a manifest says. Also one that only has a `[package]` is a manifest. */
export const document = (
  source: Pick<Source, "bytes" | "fileName">,
  options?: Options
): Either.Either<PixiDocument, ValueProblem> =>
  Either.mapLeft(PixiToml.decode(source, options?.strict ?? false), ([first]) => first)

/** All that is wrong with a manifest, in the order of the file. */
export const problems = (
  source: Pick<Source, "bytes" | "fileName">,
  options?: Options
): ReadonlyArray<ValueProblem> =>
  Either.match(PixiToml.decode(source, options?.strict ?? false), { onLeft: (all) => all, onRight: () => [] })

/** What an environment asks for on a platform. */
export const environment = PixiEnvironment.select

/** Decodes a manifest of environments. */
export const decode = (source: Source): Either.Either<Manifest, ValueProblem> =>
  Either.map(read(source), ({ manifest }) => manifest)

/** A manifest of environments, and all that it says. */
export interface Read {
  readonly manifest: Manifest
  readonly document: PixiDocument
}

/** Decodes a manifest of environments with all that it says. */
export const read = (source: Source): Either.Either<Read, ValueProblem> => {
  const decoded = document(source)
  if (Either.isLeft(decoded)) return Either.left(decoded.left)
  const { defaultFeature, name, workspace } = decoded.right
  if (workspace === undefined) return Either.left({ path: [], reason: "there is no [workspace] or [project] table" })
  const manifest = new Manifest({
    file: source.file,
    bytes: source.bytes,
    name: name ?? source.directoryName,
    packages: formatted(defaultFeature.dependencies, format),
    pypiPackages: formatted(defaultFeature.pypiDependencies, ([first = {}]) => format(first)),
    channels: workspace.channels.map(({ channel }) => channel),
    platforms: (workspace.platforms ?? []).map((platform) => platform.name)
  })
  return Either.right({ manifest, document: decoded.right })
}

const formatted = <A>(specs: Readonly<Record<string, A>> = {}, line: (spec: A) => string): Record<string, string> => {
  const lines: Record<string, string> = {}
  for (const [name, spec] of Object.entries(specs)) put(lines, name, line(spec))
  return lines
}

/** Whether a `pyproject.toml` is meant for pixi: one that cannot be parsed may be. */
export const mentionsPixi = (bytes: Uint8Array): boolean => {
  const text = new TextDecoder().decode(bytes)
  const toml = PixiToml.parse(text)
  return isTable(toml) ? tableAt(toml, "tool", "pixi") !== undefined : /\[\s*tool\s*\.\s*pixi\b/.test(text)
}

/** Whether Python is a dependency only because `[project]` of a `pyproject.toml` is a project of Python. */
export const hasImplicitPython = ({ bytes, fileName }: Pick<Source, "bytes" | "fileName">): boolean => {
  if (fileName !== "pyproject.toml") return false
  const toml = PixiToml.parse(new TextDecoder().decode(bytes))
  return isTable(toml) && tableAt(toml, "tool", "pixi", "dependencies")?.get("python") === undefined
}

const tableAt = (table: Table, ...keys: ReadonlyArray<string>): Table | undefined =>
  keys.reduce<Table | undefined>((found, key) => {
    const value = found?.get(key)
    return isTable(value) ? value : undefined
  }, table)
