/**
 * The table `[package]`: the package that is built from the manifest's directory.
 *
 * @module
 * @since 0.1.0
 */
import { array, type Decoder, map, optional, record, struct } from "@darb/package-manager/driver/Table"
import * as Records from "effect/Record"
import * as Schema from "effect/Schema"
import { conda, inherited, PackageSpec, PackageSpecs, SourceLocation } from "./PixiDependency.js"

const { Boolean, Int, String, Unknown } = Schema

const inheritable = <A>(schema: Decoder<A>) =>
  optional(Schema.Union(schema, struct({ workspace: Schema.Literal(true) })))

const isCondition = (key: string) => key.startsWith("if(")

/**
 * Dependencies, and those under a condition: a key such as `if(host_platform == 'linux-64')` holds a table of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Conditional {
  readonly always: Readonly<Record<string, PackageSpec>>
  /** By condition, such as `host_platform == 'linux-64'`. */
  readonly conditional: Readonly<Record<string, Readonly<Record<string, PackageSpec>>>>
}
const Conditional: Decoder<Conditional> = map(
  Schema.Struct(
    {},
    { key: Schema.TemplateLiteral("if(", String, ")"), value: PackageSpecs },
    { key: String.pipe(Schema.filter((key) => !isCondition(key))), value: PackageSpec }
  ).annotations({ title: "table" }),
  (table) => {
    const [always, conditional] = Records.partition(table, (_, key) => isCondition(key))
    return { always, conditional: Records.mapKeys(conditional, (key) => key.slice(3, -1).trim()) } as Conditional
  }
)

const build = {
  backend: optional(struct({
    ...conda,
    ...inherited,
    name: String,
    channels: optional(array(String)),
    additionalDependencies: optional(PackageSpecs)
  })),
  channels: optional(array(String)),
  additionalDependencies: optional(PackageSpecs),
  source: optional(SourceLocation),
  /** The backend defines what it holds. */
  config: optional(Unknown),
  target: optional(record(struct({ config: optional(Unknown) }, { configuration: "config" }))),
  flags: optional(array(String)),
  buildNumber: optional(Int),
  buildStringPrefix: optional(String),
  secrets: optional(array(String))
}

interface Build extends Schema.Struct.Type<typeof build> {}
const Build: Decoder<Build> = struct(build, { configuration: "config" })

const runExports = {
  noarch: optional(Conditional),
  strong: optional(Conditional),
  weak: optional(Conditional),
  strongConstraints: optional(Conditional),
  weakConstraints: optional(Conditional)
}

interface RunExports extends Schema.Struct.Type<typeof runExports> {}
const RunExports: Decoder<RunExports> = struct(runExports)

/** Older manifests have the dependencies of a platform here. */
const target = {
  hostDependencies: optional(PackageSpecs),
  buildDependencies: optional(PackageSpecs),
  runDependencies: optional(PackageSpecs),
  runConstraints: optional(PackageSpecs),
  extraDependencies: optional(record(PackageSpecs))
}

interface PackageTarget extends Schema.Struct.Type<typeof target> {}
const PackageTarget: Decoder<PackageTarget> = struct(target)

const fields = {
  name: inheritable(String),
  version: inheritable(String),
  description: inheritable(String),
  authors: inheritable(array(String)),
  license: inheritable(String),
  licenseFile: inheritable(String),
  readme: inheritable(String),
  homepage: inheritable(String),
  repository: inheritable(String),
  documentation: inheritable(String),
  publish: optional(Boolean),
  build: optional(Build),
  hostDependencies: optional(Conditional),
  buildDependencies: optional(Conditional),
  runDependencies: optional(Conditional),
  runConstraints: optional(Conditional),
  /** By the name of the extra. */
  extraDependencies: optional(record(Conditional)),
  runExports: optional(RunExports),
  target: optional(record(PackageTarget))
}

/**
 * How a package is built from the manifest's directory. `{ workspace = true }` takes a value from `[workspace]`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Package extends Schema.Struct.Type<typeof fields> {}
export const Package: Decoder<Package> = struct(fields)
