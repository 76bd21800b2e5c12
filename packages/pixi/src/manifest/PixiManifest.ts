/**
 * Decodes the manifests of pixi: `pixi.toml`, `mojoproject.toml`, and `[tool.pixi]` of `pyproject.toml`.
 *
 * @module
 * @since 0.1.0
 */
import * as Toml from "@darb/package-manager/driver/Toml"
import { Manifest } from "@darb/package-manager/Manifest"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Records from "effect/Record"
import * as TomlParser from "smol-toml"
import { format } from "./PixiDependency.js"
import * as PixiDocument from "./PixiDocument.js"
import * as PixiEnvironment from "./PixiEnvironment.js"

/**
 * What is wrong with a manifest, and where.
 *
 * @since 0.1.0
 * @category errors
 */
export interface Problem extends Toml.Problem {}

/**
 * The file names of manifests in the order in which pixi looks for them.
 *
 * @since 0.1.0
 * @category values
 */
export const fileNames = ["pixi.toml", "pyproject.toml", "mojoproject.toml"] as const
/**
 * A file that pixi takes for a manifest. In a `pyproject.toml` it is the table `[tool.pixi]`.
 *
 * @since 0.1.0
 * @category models
 */
export type FileName = typeof fileNames[number]

/**
 * A manifest that has been read, but not decoded.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source {
  /** The absolute path of the manifest. */
  readonly file: string
  readonly fileName: FileName
  /** The name of the environment if the manifest does not have one. */
  readonly directoryName: string
  readonly bytes: Uint8Array
}

/**
 * How strict decoding is.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** `error` also refuses keys that the schema does not know; pixi does, but a newer one may know them. */
  readonly onExcessProperty?: "ignore" | "error" | undefined
}

/** A manifest of more than a megabyte is refused. */
const maxBytes = 1_000_000

const decoders = Records.map(PixiDocument.schemas, (schema) => Toml.decoder(schema, { maxBytes }))

/**
 * All that a manifest says. The manifest of a package only is one, too.
 *
 * @since 0.1.0
 * @category decoding
 */
export const document = (
  source: Pick<Source, "bytes" | "fileName">,
  options?: Options
): Effect.Effect<PixiDocument.PixiDocument, Problem> => Effect.mapError(decodeAll(source, options), Arr.headNonEmpty)

/**
 * All problems of a manifest in the order of the file.
 *
 * @since 0.1.0
 * @category operations
 */
export const problems = (
  source: Pick<Source, "bytes" | "fileName">,
  options?: Options
): Effect.Effect<ReadonlyArray<Problem>> =>
  Effect.match(decodeAll(source, options), { onFailure: (all) => all, onSuccess: () => [] })

const decodeAll = Effect.fnUntraced(
  function*({ bytes, fileName }: Pick<Source, "bytes" | "fileName">, { onExcessProperty }: Options = {}) {
    const { value, warnings } = yield* decoders[fileName](bytes)
    const unknown = onExcessProperty === "error" ? yield* warnings : []
    return Arr.isNonEmptyReadonlyArray(unknown) ? yield* Effect.fail(unknown) : value
  },
  Effect.mapError(Arr.map((problem): Problem => ({ ...problem, reason: Toml.format(problem) })))
)

/**
 * An environment of a manifest on a platform.
 *
 * @since 0.1.0
 * @category decoding
 */
export const environment = PixiEnvironment.select

/**
 * A manifest of environments, and all that it says.
 *
 * @since 0.1.0
 * @category models
 */
export interface Read {
  readonly manifest: Manifest
  readonly document: PixiDocument.PixiDocument
}

/**
 * Decodes a manifest of environments.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (source: Source): Effect.Effect<Manifest, Problem> =>
  Effect.map(read(source), ({ manifest }) => manifest)

/**
 * Decodes a manifest of environments with all that it says.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = Effect.fnUntraced(
  function*(source: Source): Effect.fn.Return<Read, Problem> {
    const decoded = yield* document(source)
    const { defaultFeature: { dependencies = {}, pypiDependencies = {} }, name, workspace } = decoded
    if (workspace === undefined) {
      return yield* Effect.fail({ path: [], reason: "there is no [workspace] or [project] table", line: 1, column: 1 })
    }
    const fields = {
      file: source.file,
      bytes: source.bytes,
      name: name ?? source.directoryName,
      packages: Records.map(dependencies, format),
      pypiPackages: Records.map(pypiDependencies, ([first = {}]) => format(first)),
      channels: workspace.channels.map(({ channel }) => channel),
      platforms: (workspace.platforms ?? []).map((platform) => platform.name)
    }
    const manifest = new Manifest(fields, { disableValidation: true })
    return { manifest, document: decoded }
  }
)

/**
 * Whether a `pyproject.toml` is a manifest of pixi. One that is not TOML may be.
 *
 * @since 0.1.0
 * @category predicates
 */
export const mentionsPixi = (bytes: Uint8Array): boolean => {
  const text = new TextDecoder().decode(bytes)
  return Either.match(Either.try(() => TomlParser.parse(text)), {
    onLeft: () => /\[\s*tool\s*\.\s*pixi\b/.test(text),
    onRight: ({ tool }) => Predicate.hasProperty(tool, "pixi") && Predicate.isRecord(tool.pixi)
  })
}

/**
 * A valid manifest without the values at these paths. Comments and layout are lost.
 *
 * @since 0.1.0
 * @category operations
 */
export const without = (bytes: Uint8Array, paths: ReadonlyArray<ReadonlyArray<string>>): Uint8Array => {
  const root = TomlParser.parse(new TextDecoder().decode(bytes), { integersAsBigInt: "asNeeded" })
  for (const path of paths) {
    const table = path.slice(0, -1).reduce<unknown>(
      (table, key) => Predicate.hasProperty(table, key) ? table[key] : undefined,
      root
    )
    if (Predicate.isRecord(table)) delete table[path.at(-1) ?? ""]
  }
  return new TextEncoder().encode(TomlParser.stringify(root))
}
