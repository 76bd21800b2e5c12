/**
 * What an environment of a manifest asks for on a platform: the features and the targets merged as pixi merges them.
 * Pure.
 */
import * as Either from "effect/Either"
import * as Merge from "./old/pixiMerge.js"
import * as PlatformSet from "./old/pixiPlatformSet.js"
import type { CondaSpec, PypiSpec, SourceLocation } from "./PixiDependency.js"
import type * as Document from "./PixiDocument.js"
import type { Task } from "./PixiTask.js"

export interface PixiEnvironment {
  readonly name: string
  /** The platform: with what the system has to have there. */
  readonly platform: Document.Platform
  /** All platforms that the environment is for. */
  readonly platforms: ReadonlyArray<Document.Platform>
  /** The names of its features in order of priority; `default` comes last, if it is among them. */
  readonly features: ReadonlyArray<string>
  readonly solveGroup?: string
  /** All environments that are solved together with this one, itself among them. */
  readonly solvedWith: ReadonlyArray<string>
  /** In the order in which they are looked at. */
  readonly channels: ReadonlyArray<Document.Channel>
  readonly channelPriority?: Document.ChannelPriority
  readonly solveStrategy: Document.SolveStrategy
  /** Conda packages: all of the specs of one must hold. */
  readonly dependencies: Readonly<Record<string, ReadonlyArray<CondaSpec>>>
  readonly pypiDependencies: Readonly<Record<string, ReadonlyArray<PypiSpec>>>
  readonly constraints: Readonly<Record<string, ReadonlyArray<CondaSpec>>>
  readonly dev: Readonly<Record<string, ReadonlyArray<SourceLocation>>>
  readonly pypiOptions: Document.PypiOptions
  readonly tasks: Readonly<Record<string, Task>>
  readonly activation: Required<Document.Activation>
  readonly systemRequirements: Document.SystemRequirements
}

export interface Selection {
  /** Default: `default`. */
  readonly environment?: string | undefined
  /** The name of a platform, or a conda subdirectory such as `linux-64`. */
  readonly platform: string
}

/** Why there is no such environment. */
export interface NotFound {
  readonly reason: string
}

/** What an environment asks for on a platform. */
export const select = (
  document: Pick<Document.PixiDocument, "workspace" | "defaultFeature" | "features" | "environments">,
  { environment: name = "default", platform: wanted }: Selection
): Either.Either<PixiEnvironment, NotFound> => {
  const { workspace } = document
  if (workspace === undefined) return Either.left({ reason: "the manifest is that of a package, not of environments" })
  const environment = Object.hasOwn(document.environments, name) ? document.environments[name] : undefined
  if (environment === undefined) return Either.left({ reason: `there is no environment ${name}` })
  const named = Merge.featuresOf(document, name, environment)
  const features = named.map(([, feature]) => feature)
  const platforms = PlatformSet.ofEnvironment(document, features)
  const platform = platforms.find((one) => one.name === wanted) ?? platforms.find(({ subdir }) => subdir === wanted)
  if (platform === undefined) return Either.left({ reason: `the environment ${name} is not for ${wanted}` })
  const targets = features.map((feature) => Merge.targetsOf(feature, platform))
  const channelPriority = features.find((feature) => feature.channelPriority !== undefined)?.channelPriority
  const { solveGroup } = environment
  return Either.right({
    name,
    platform,
    platforms,
    features: named.map(([feature]) => feature),
    ...(solveGroup === undefined ? {} : { solveGroup }),
    solvedWith: solveGroup === undefined
      ? [name]
      : Object.keys(document.environments).filter((other) => document.environments[other]?.solveGroup === solveGroup),
    channels: Merge.channelsOf(features, workspace),
    ...(channelPriority === undefined ? {} : { channelPriority }),
    solveStrategy: features.find((feature) => feature.solveStrategy !== undefined)?.solveStrategy ?? "highest",
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
