/**
 * All that a manifest says: `pixi.toml`, `mojoproject.toml`, or `[tool.pixi]` of `pyproject.toml`.
 *
 * @module
 * @since 0.1.0
 */
import { type Decoder, map, optional, record, struct } from "@darb/package-manager/driver/Table"
import * as Records from "effect/Record"
import * as Schema from "effect/Schema"
import { Environment, Feature, tables } from "./PixiFeature.js"
import { Package } from "./PixiPackage.js"
import { Workspace } from "./PixiWorkspaceTable.js"
import * as Pyproject from "./Pyproject.js"

/**
 * A whole manifest, with the same shape for all three kinds of files. Defaults are not filled in, and features not
 * merged: `PixiManifest.environment` does that for one environment and platform.
 *
 * @since 0.1.0
 * @category models
 */
export interface PixiDocument {
  /** The name of the workspace, or of the package. */
  readonly name?: string | undefined
  /** `undefined` in the manifest of a package only. */
  readonly workspace?: Workspace | undefined
  /** Whether the table of the workspace is `[workspace]`, not `[project]`. */
  readonly hasWorkspaceTable: boolean
  readonly package?: Package | undefined
  /** The tables outside of `[feature]`. */
  readonly defaultFeature: Feature
  /** Whether Python is a dependency only because a `pyproject.toml` describes a Python project. */
  readonly hasImplicitPython: boolean
  /** The other features by name. */
  readonly features: Readonly<Record<string, Feature>>
  /** The environments by name, with `default`. */
  readonly environments: Readonly<Record<string, Environment>>
  /** Latest release times by conda package. */
  readonly excludeNewer?: Readonly<Record<string, string>> | undefined
  /** Latest release times by Python package. */
  readonly pypiExcludeNewer?: Readonly<Record<string, string>> | undefined
}

const Releases = optional(record(Schema.String))

const Root = struct({
  workspace: optional(Workspace),
  project: optional(Workspace),
  package: optional(Package),
  ...tables,
  feature: optional(record(Feature)),
  environments: optional(record(Environment)),
  excludeNewer: Releases,
  pypiExcludeNewer: Releases,
  tool: optional(record(Schema.Unknown)),
  $schema: optional(Schema.String)
}).pipe(
  Schema.filter(({ package: own, project, workspace }) =>
    (workspace ?? project ?? own) !== undefined || "there is no [workspace] or [project] table"
  )
)

const PixiToml = map(Root, (root): PixiDocument => {
  const { $schema: _, environments, excludeNewer, feature: features = {}, package: own, project, ...rest } = root
  const { pypiExcludeNewer, tool: __, workspace = project, ...tables } = rest
  const { channelPriority, name = own?.name, solveStrategy } = workspace ?? {}
  return {
    name: typeof name === "string" ? name : undefined,
    workspace,
    hasWorkspaceTable: root.workspace !== undefined,
    hasImplicitPython: false,
    package: own,
    defaultFeature: {
      ...tables,
      ...(channelPriority === undefined ? {} : { channelPriority }),
      ...(solveStrategy === undefined ? {} : { solveStrategy })
    },
    features,
    environments: { default: { features: [], noDefaultFeature: false }, ...environments },
    excludeNewer,
    pypiExcludeNewer
  }
})

const message = "there is no [tool.pixi] table"
const required = <A>(schema: Decoder<A>) =>
  Schema.propertySignature(schema).annotations({ missingMessage: () => message })

/** pixi adds Python and the requirements of the project. Extras and dependency groups become features. */
const PixiPyproject = map(
  Schema.Struct({
    ...Pyproject.fields,
    tool: required(Schema.Struct({
      pixi: required(PixiToml),
      poetry: optional(Schema.Struct({ name: optional(Schema.String) }, Pyproject.others))
    }, Pyproject.others))
  }, Pyproject.others),
  ({ tool: { pixi, poetry }, ...pyproject }): PixiDocument => {
    const { defaultFeature, features } = pixi
    const { dependencies = [], name = poetry?.name } = pyproject.project ?? {}
    const { dependencies: conda = {} } = defaultFeature
    const groups = Records.map(
      Pyproject.groupsOf(pyproject),
      (requirements, group) => withRequirements(Object.hasOwn(features, group) ? features[group] : {}, requirements)
    )
    return {
      ...pixi,
      name: pixi.name ?? name,
      hasImplicitPython: !("python" in conda),
      defaultFeature: {
        ...(dependencies.length === 0 ? defaultFeature : withRequirements(defaultFeature, dependencies)),
        dependencies: "python" in conda ? conda : { python: { version: Pyproject.pythonOf(pyproject) }, ...conda }
      },
      features: { ...features, ...groups }
    }
  }
)

const withRequirements = (feature: Feature = {}, requirements: Pyproject.Requirements): Feature => ({
  ...feature,
  pypiDependencies: Pyproject.merge(feature.pypiDependencies, requirements)
})

/** Environments name existing features, each once. */
const checked = (schema: Decoder<PixiDocument>, ...above: ReadonlyArray<string>) =>
  schema.pipe(
    Schema.filter(({ environments, features }) =>
      Object.entries(environments).flatMap(([name, environment]) =>
        environment.features.flatMap((feature, index) => {
          const exists = feature === "default" || Object.hasOwn(features, feature)
          if (exists && environment.features.indexOf(feature) === index) return []
          const message = exists ? `the feature ${feature} is listed more than once` : `there is no feature ${feature}`
          return [{ path: [...above, "environments", name, "features", index], message }]
        })
      )
    )
  )

/**
 * The schemas by the name of the file.
 *
 * @since 0.1.0
 * @category values
 */
export const schemas = {
  "pixi.toml": checked(PixiToml),
  "mojoproject.toml": checked(PixiToml),
  "pyproject.toml": checked(PixiPyproject, "tool", "pixi")
}
