/** Reads the manifests of pixi: `pixi.toml`, `mojoproject.toml`, and `[tool.pixi]` of `pyproject.toml`. Pure. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as Toml from "smol-toml"
import { Manifest } from "./Manifest.js"

/** What is wrong with a manifest, and where. Lines and columns are counted from 1. */
export interface Problem {
  readonly reason: string
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** The files that can be a manifest, in the order in which pixi looks for them. */
export const fileNames = ["pixi.toml", "pyproject.toml", "mojoproject.toml"] as const
export type FileName = typeof fileNames[number]

const Spec = Schema.Union(
  Schema.String,
  Schema.Struct({
    version: Schema.optional(Schema.String),
    build: Schema.optional(Schema.String),
    git: Schema.optional(Schema.String),
    path: Schema.optional(Schema.String),
    url: Schema.optional(Schema.String)
  })
)

const Specs = Schema.Record({ key: Schema.String, value: Spec })

const Workspace = Schema.Struct({
  name: Schema.optional(Schema.String),
  channels: Schema.Array(Schema.Union(Schema.String, Schema.Struct({ channel: Schema.String }))),
  platforms: Schema.optional(Schema.Array(Schema.Union(
    Schema.String,
    Schema.Struct({ name: Schema.optional(Schema.String), platform: Schema.optional(Schema.String) })
  )))
})

const Document = Schema.Struct({
  workspace: Schema.optional(Workspace),
  project: Schema.optional(Workspace),
  dependencies: Schema.optional(Specs),
  "pypi-dependencies": Schema.optional(Specs)
})

const PyProject = Schema.Struct({
  project: Schema.optional(Schema.Struct({
    name: Schema.optional(Schema.String),
    "requires-python": Schema.optional(Schema.String),
    dependencies: Schema.optional(Schema.Array(Schema.String))
  })),
  tool: Schema.Struct({ pixi: Document })
})

export interface Source {
  /** The absolute path of the manifest. */
  readonly file: string
  readonly fileName: FileName
  /** The name of the directory, which is the environment's where the manifest does not name it. */
  readonly directoryName: string
  readonly bytes: Uint8Array
}

/** Decodes a manifest. */
export const decode = (source: Source): Either.Either<Manifest, Problem> =>
  Either.flatMap(parse(source.bytes), ({ text, toml }) => {
    const decoded = source.fileName === "pyproject.toml"
      ? Either.map(Schema.decodeUnknownEither(PyProject)(toml), fromPyProject)
      : Either.map(Schema.decodeUnknownEither(Document)(toml), (document) => fromDocument(document))
    return decoded.pipe(
      Either.mapLeft((error) => problemOf(error, text)),
      Either.filterOrLeft(
        (found) => found !== undefined,
        () => ({ reason: "there is no [workspace] or [project] table" })
      ),
      Either.map(({ name, ...found }) =>
        new Manifest({ file: source.file, bytes: source.bytes, name: name ?? source.directoryName, ...found })
      )
    )
  })

/** Whether a `pyproject.toml` is meant for pixi: one that cannot be parsed may be. */
export const mentionsPixi = (bytes: Uint8Array): boolean =>
  Either.match(parse(bytes), {
    onLeft: () => /\[\s*tool\s*\.\s*pixi\b/.test(new TextDecoder().decode(bytes)),
    onRight: ({ toml }) => Schema.is(Schema.Struct({ tool: Schema.Struct({ pixi: Schema.Object }) }))(toml)
  })

const parse = (bytes: Uint8Array): Either.Either<{ readonly text: string; readonly toml: unknown }, Problem> => {
  const text = new TextDecoder().decode(bytes)
  return Either.try({
    try: () => ({ text, toml: Toml.parse(text) }),
    catch: (error) =>
      error instanceof Toml.TomlError
        ? { reason: reasonOf(error.message), line: error.line, column: error.column }
        : { reason: String(error) }
  })
}

/** The first line: a picture of the place follows it. */
const reasonOf = (message: string): string =>
  message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "") ?? message

const fromDocument = (document: typeof Document.Type) => {
  const workspace = document.workspace ?? document.project
  if (workspace === undefined) return undefined
  return {
    name: workspace.name,
    packages: specsOf(document.dependencies),
    pypiPackages: specsOf(document["pypi-dependencies"]),
    channels: workspace.channels.map((channel) => typeof channel === "string" ? channel : channel.channel),
    platforms: (workspace.platforms ?? []).flatMap((platform) =>
      typeof platform === "string" ? [platform] : [platform.name ?? platform.platform ?? []].flat()
    )
  }
}

/** pixi takes name, Python and the packages of PyPI from the tables that are not its own, too. */
const fromPyProject = ({ project, tool }: typeof PyProject.Type) => {
  const found = fromDocument(tool.pixi)
  if (found === undefined) return undefined
  const python = project?.["requires-python"]
  return {
    ...found,
    name: found.name ?? project?.name,
    packages: { ...(python === undefined ? {} : { python }), ...found.packages },
    pypiPackages: { ...requirementsOf(project?.dependencies ?? []), ...found.pypiPackages }
  }
}

const specsOf = (specs: typeof Specs.Type = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, specOf(spec)]))

const specOf = (spec: typeof Spec.Type): string => {
  if (typeof spec === "string") return spec
  const version = spec.version ?? spec.url ?? spec.git ?? spec.path ?? "*"
  return spec.build === undefined ? version : `${version} ${spec.build}`
}

/** PEP 508: a name, extras in brackets, then versions. */
const requirementsOf = (requirements: ReadonlyArray<string>): Record<string, string> =>
  Object.fromEntries(requirements.flatMap((requirement) => {
    const [, name, spec = ""] = /^\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*([^;]*)/.exec(requirement) ?? []
    return name === undefined ? [] : [[name, spec.trim() === "" ? "*" : spec.trim()]]
  }))

const problemOf = (error: ParseResult.ParseError, text: string): Problem => {
  const issues = ParseResult.ArrayFormatter.formatErrorSync(error)
  // Of the members of a union the one that got furthest says most.
  const deepest = issues.reduce((a, b) => b.path.length > a.path.length ? b : a)
  const path = deepest.path.map(String)
  return { reason: `${path.join(".")}: ${deepest.message}`, ...placeOf(path, text) }
}

/** Where a key is set, if it is in a table with a header of its own. */
const placeOf = (path: ReadonlyArray<string>, text: string): { readonly line?: number; readonly column?: number } => {
  let table: ReadonlyArray<string> = []
  let closest: { readonly line: number; readonly column: number; readonly depth: number } | undefined
  for (const [index, line] of text.split("\n").entries()) {
    const header = /^\s*\[([^[\]]+)\]/.exec(line)?.[1]
    const key = /^\s*("[^"]*"|[\w.-]+)\s*=/.exec(line)?.[1]
    if (header !== undefined) table = header.split(".").map(unquoted)
    const keys = header !== undefined ? table : key === undefined ? undefined : [...table, unquoted(key)]
    if (keys === undefined || keys.length > path.length || keys.some((part, at) => part !== path[at])) continue
    if (closest === undefined || keys.length > closest.depth) {
      closest = { line: index + 1, column: line.search(/\S/) + 1, depth: keys.length }
    }
  }
  return closest === undefined ? {} : { line: closest.line, column: closest.column }
}

const unquoted = (key: string): string => key.trim().replace(/^"(.*)"$/, "$1")
