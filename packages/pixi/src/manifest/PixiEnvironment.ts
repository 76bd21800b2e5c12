/**
 * An environment of a manifest on a platform: its features and targets, merged as pixi merges them.
 *
 * @module
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Records from "effect/Record"
import { platformsOf } from "./EnvironmentPlatforms.js"
import type { PypiSpec, SourceLocation } from "./PixiDependency.js"
import type { PixiDocument } from "./PixiDocument.js"
import type { Activation, CondaSpec, Environment, Feature, SystemRequirements } from "./PixiFeature.js"
import * as Merge from "./PixiMerge.js"
import type { Platform } from "./PixiPlatform.js"
import type { PypiOptions } from "./PixiPypiOptions.js"
import type { Task } from "./PixiTask.js"
import type { Channel } from "./PixiWorkspaceTable.js"

/**
 * What pixi solves and activates for one environment on one platform.
 *
 * @since 0.1.0
 * @category models
 */
export interface PixiEnvironment {
  readonly name: string
  readonly platform: Platform
  /** All platforms of the environment. */
  readonly platforms: ReadonlyArray<Platform>
  /** The names of its features in order of priority; `default` comes last. */
  readonly features: ReadonlyArray<string>
  readonly solveGroup: string | undefined
  /** The environments that are solved together, with this one. */
  readonly solvedWith: ReadonlyArray<string>
  /** In order of priority. */
  readonly channels: ReadonlyArray<Channel>
  readonly channelPriority: string | undefined
  readonly solveStrategy: string
  /** Conda packages. All specs of a name must hold. */
  readonly dependencies: Readonly<Record<string, ReadonlyArray<CondaSpec>>>
  readonly pypiDependencies: Readonly<Record<string, ReadonlyArray<PypiSpec>>>
  readonly constraints: Readonly<Record<string, ReadonlyArray<CondaSpec>>>
  readonly dev: Readonly<Record<string, ReadonlyArray<SourceLocation>>>
  readonly pypiOptions: PypiOptions
  readonly tasks: Readonly<Record<string, Task>>
  readonly activation: Required<Activation>
  readonly systemRequirements: SystemRequirements
}

/**
 * Which environment of a manifest, and on which platform.
 *
 * @since 0.1.0
 * @category models
 */
export interface Selection {
  /** Default: `default`. */
  readonly environment?: string | undefined
  /** The name of a platform, or a conda subdirectory such as `linux-64`. */
  readonly platform: string
}

/**
 * The manifest has no such environment.
 *
 * @since 0.1.0
 * @category models
 */
export interface NotFound {
  readonly reason: string
}

/**
 * The environment of a manifest on a platform.
 *
 * @since 0.1.0
 * @category operations
 */
export const select = (
  document: PixiDocument,
  { environment: name = "default", platform: wanted }: Selection
): Either.Either<PixiEnvironment, NotFound> => {
  const { environments, workspace } = document
  if (workspace === undefined) return Either.left({ reason: "the manifest describes a package, not a workspace" })
  const environment = Object.hasOwn(environments, name) ? environments[name] : undefined
  if (environment === undefined) return Either.left({ reason: `there is no environment ${name}` })
  const named = featuresOf(document, name, environment)
  const features = named.map(([, feature]) => feature)
  const platforms = platformsOf(document, features)
  const platform = platforms.find((one) => one.name === wanted) ?? platforms.find(({ subdir }) => subdir === wanted)
  if (platform === undefined) return Either.left({ reason: `the environment ${name} is not for ${wanted}` })
  const targets = features.map((feature) => Merge.targetsOf(feature, platform))
  const { solveGroup } = environment
  return Either.right({
    name,
    platform,
    platforms,
    features: named.map(([feature]) => feature),
    solveGroup,
    solvedWith: solveGroup === undefined
      ? [name]
      : Object.keys(Records.filter(environments, (other) => other.solveGroup === solveGroup)),
    channels: Merge.channelsOf(features, workspace),
    channelPriority: features.find(({ channelPriority }) => channelPriority !== undefined)?.channelPriority,
    solveStrategy: features.find(({ solveStrategy }) => solveStrategy !== undefined)?.solveStrategy ?? "highest",
    dependencies: Merge.condaSpecs(targets, workspace, ["dependencies", "hostDependencies", "buildDependencies"]),
    pypiDependencies: Merge.pypiSpecs(targets),
    constraints: Merge.condaSpecs(targets, workspace, ["constraints"]),
    dev: Merge.sources(targets),
    pypiOptions: Merge.pypiOptionsOf(features, workspace),
    tasks: Merge.tasksOf(targets),
    activation: Merge.activationOf(targets),
    systemRequirements: Merge.systemRequirementsOf(features)
  })
}

/** The features of an environment in order of priority. Its own table comes first, under the environment's name. */
const featuresOf = (
  { defaultFeature, features }: PixiDocument,
  name: string,
  { features: names, inline, noDefaultFeature }: Environment
): ReadonlyArray<readonly [name: string, feature: Feature]> => {
  const all = new Map([...Object.entries(features), ["default", defaultFeature]])
  return [
    ...(inline === undefined ? [] : [[name, inline] as const]),
    ...[...names, ...(noDefaultFeature ? [] : ["default"])].flatMap((feature) => {
      const found = all.get(feature)
      return found === undefined ? [] : [[feature, found] as const]
    })
  ]
}
