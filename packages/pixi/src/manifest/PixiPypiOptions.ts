/**
 * The tables `[pypi-options]` and `conda-pypi-map`: how pixi resolves Python packages.
 *
 * @module
 * @since 0.1.0
 */
import { array, type Decoder, map, optional, record, shorthand, struct } from "@darb/package-manager/driver/Table"
import * as Schema from "effect/Schema"
import { PypiSpec } from "./PixiDependency.js"

const { Boolean, Literal, String } = Schema

/** `true` for all packages. */
const AllOrSome = optional(Schema.Union(Boolean, array(String)))

const pypiOptions = {
  indexUrl: optional(String),
  extraIndexUrls: optional(array(String)),
  findLinks: optional(array(Schema.Union(Schema.Struct({ path: String }), Schema.Struct({ url: String })))),
  noBuildIsolation: AllOrSome,
  noBuild: AllOrSome,
  noBinary: AllOrSome,
  /** `first-index`, `unsafe-first-match` or `unsafe-best-match`. */
  indexStrategy: optional(String),
  /** `disallow`, `allow`, `if-necessary`, `explicit` or `if-necessary-or-explicit`. */
  prereleaseMode: optional(String),
  dependencyOverrides: optional(record(PypiSpec)),
  skipWheelFilenameCheck: optional(Boolean)
}

/**
 * Where Python packages come from, and which of them may be built. Values are as written; URLs are not checked.
 *
 * @since 0.1.0
 * @category models
 */
export interface PypiOptions extends Schema.Struct.Type<typeof pypiOptions> {}
export const PypiOptions: Decoder<PypiOptions> = struct(pypiOptions)

const condaPypiMap = {
  /** A file or a URL. */
  location: optional(String),
  /** Names on PyPI by conda package. */
  mapping: optional(record(Schema.Union(Schema.ArrayEnsure(String), map(Literal(false), () => [])))),
  /** `overlay` or `replace`. */
  mappingMode: optional(String),
  sameNameHeuristic: optional(Boolean)
}

/**
 * The names on PyPI of a channel's packages.
 *
 * @since 0.1.0
 * @category models
 */
export interface CondaPypiMap extends Schema.Struct.Type<typeof condaPypiMap> {
  readonly enabled: boolean
}
export const CondaPypiMap: Decoder<CondaPypiMap> = Schema.Union(
  map(Literal(false), (enabled) => ({ enabled })),
  map(shorthand("location", struct(condaPypiMap)), (given) => ({ enabled: true, ...given }))
)
