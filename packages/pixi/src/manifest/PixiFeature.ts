/**
 * Features, their targets, and the environments that combine them.
 *
 * @module
 * @since 0.1.0
 */
import { array, type Decoder, map, optional, record, shorthand, struct } from "@darb/package-manager/driver/Table"
import * as Schema from "effect/Schema"
import { conda, inherited, PypiSpecs, SourceLocation } from "./PixiDependency.js"
import { Package } from "./PixiPackage.js"
import { PypiOptions } from "./PixiPypiOptions.js"
import { Task } from "./PixiTask.js"
import { Channel, solving } from "./PixiWorkspaceTable.js"

const { Boolean, String } = Schema

const condaSpec = {
  ...conda,
  ...inherited,
  /** How to build the package, if its sources do not say. */
  package: optional(Package)
}

/**
 * A conda package that an environment depends on.
 *
 * @since 0.1.0
 * @category models
 */
export interface CondaSpec extends Schema.Struct.Type<typeof condaSpec> {}
const CondaSpecs = optional(record<CondaSpec>(shorthand("version", struct(condaSpec))))

const activation = { scripts: optional(array(String)), env: optional(record(String)) }

/**
 * Scripts and variables that activation adds to those of the packages. Scripts are relative to the manifest's
 * directory.
 *
 * @since 0.1.0
 * @category models
 */
export interface Activation extends Schema.Struct.Type<typeof activation> {}
const Activation: Decoder<Activation> = struct(activation)

const target = {
  dependencies: CondaSpecs,
  hostDependencies: CondaSpecs,
  buildDependencies: CondaSpecs,
  pypiDependencies: optional(PypiSpecs),
  /** Limits a package that something else depends on. */
  constraints: CondaSpecs,
  /** Installs the dependencies of a package for its development. */
  dev: optional(record(SourceLocation)),
  tasks: optional(record(Task)),
  activation: optional(Activation)
}

/**
 * What applies on the platforms of a selector.
 *
 * @since 0.1.0
 * @category models
 */
export interface Target extends Schema.Struct.Type<typeof target> {}
const Target: Decoder<Target> = struct(target)

const systemRequirements = {
  linux: optional(String),
  macos: optional(String),
  cuda: optional(String),
  archspec: optional(String),
  /** `"2.28"` stands for `{ version = "2.28" }`. */
  libc: optional(shorthand("version", struct({ family: optional(String), version: String }))),
  unix: optional(Boolean)
}

/**
 * The lowest versions of the system that packages may rely on. The solver takes them for the virtual packages of the
 * machine.
 *
 * @since 0.1.0
 * @category models
 */
export interface SystemRequirements extends Schema.Struct.Type<typeof systemRequirements> {}
const SystemRequirements: Decoder<SystemRequirements> = struct(systemRequirements)

/**
 * The tables that the default feature has at the root of the manifest.
 *
 * @since 0.1.0
 * @category values
 */
export const tables = {
  ...target,
  systemRequirements: optional(SystemRequirements),
  pypiOptions: optional(PypiOptions),
  /** By selector, in the order of the file. The last that matches a platform wins. */
  target: optional(record(Target))
}

const feature = {
  ...tables,
  ...solving,
  channels: optional(array(Channel)),
  /** The names of its platforms. Default: all of the workspace. */
  platforms: optional(array(String))
}

/**
 * A named part of a manifest that environments combine. The tables outside of `[feature]` are the default feature.
 *
 * @since 0.1.0
 * @category models
 */
export interface Feature extends Schema.Struct.Type<typeof feature> {}
export const Feature: Decoder<Feature> = struct(feature)

export interface Environment {
  /** In order of priority; the default feature comes last. */
  readonly features: ReadonlyArray<string>
  readonly noDefaultFeature: boolean
  /** Environments with the same solve group are solved together. */
  readonly solveGroup?: string
  /** What the environment's own table adds. It has the highest priority. */
  readonly inline?: Feature
}

const { buildDependencies: _, hostDependencies: __, systemRequirements: ___, ...inline } = feature

const table = struct({
  ...inline,
  features: optional(array(String)),
  solveGroup: optional(String),
  noDefaultFeature: optional(Boolean)
})

/**
 * An array stands for `{ features = […] }`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Environment: Decoder<Environment> = Schema.Union(
  map(array(String), (features) => ({ features, noDefaultFeature: false })),
  map(table, ({ features = [], noDefaultFeature = false, solveGroup, ...inline }) => ({
    features,
    noDefaultFeature,
    ...(solveGroup === undefined ? {} : { solveGroup }),
    ...(Object.keys(inline).length === 0 ? {} : { inline })
  }))
)
