/** What options name of a manifest: features, platforms, environments, and the tables that packages are in. */
import { contextOf } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import { redact } from "@darb/package-manager/driver/process/Redact"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Pep508 from "@darb/python/Pep508"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import type { PixiDocument } from "../manifest/PixiDocument.js"
import * as PixiEnvironment from "../manifest/PixiEnvironment.js"
import type { Target } from "../manifest/PixiFeature.js"
import type { Platform } from "../manifest/PixiPlatform.js"
import type { Workspace } from "./PixiWorkspace.js"

/** Names of conda are compared in lower case. */
export const normalized = (name: string): string => name.toLowerCase()

export const normalizedPypi = (name: string): string => Pep508.normalizedName(name) ?? normalized(name)

/** Names as they were given, each with the one of the keys that it stands for. */
export const namesIn = (
  keys: ReadonlyArray<string>,
  names: ReadonlyArray<string>,
  normalize: (name: string) => string = normalized
): ReadonlyMap<string, string> => {
  const byName = new Map(keys.map((key) => [normalize(key), key]))
  return new Map(names.flatMap((name) => {
    const key = byName.get(normalize(name))
    return key === undefined ? [] : [[name, key]]
  }))
}

/** `default` is what all environments have: versions before 0.36 take it for a feature of that name. */
export const featureOf = (name: string | undefined): string | undefined => name === "default" ? undefined : name

/** The names of dependencies, as the manifest spells them. */
export interface Tables {
  readonly conda: ReadonlyArray<string>
  readonly pypi: ReadonlyArray<string>
}

/**
 * What pixi adds to and removes from: of a feature, or of what all environments have, either on all platforms or on the one
 * that a table of `[target]` names. A table for more platforms than that is another place.
 */
export const tablesOf = (
  document: Pick<PixiDocument, "defaultFeature" | "features">,
  { feature, platform }: { readonly feature: string | undefined; readonly platform: string | undefined }
): Tables => {
  const place = feature === undefined ? Option.some(document.defaultFeature) : Record.get(document.features, feature)
  const target: Option.Option<Target> = platform === undefined
    ? place
    : Option.flatMap(place, ({ target = {} }) => Record.get(target, platform))
  const { dependencies = {}, pypiDependencies = {} } = Option.getOrElse(target, (): Target => ({}))
  return { conda: Object.keys(dependencies), pypi: Object.keys(pypiDependencies) }
}

/** All that a manifest asks for, wherever. */
export const allTablesOf = (document: PixiDocument): Tables => {
  const inline = Object.values(document.environments).flatMap(({ inline }) => inline ?? [])
  const targets = [document.defaultFeature, ...Object.values(document.features), ...inline]
    .flatMap((feature) => [feature, ...Object.values(feature.target ?? {})])
  return {
    conda: targets.flatMap(({ dependencies = {} }) => Object.keys(dependencies)),
    pypi: targets.flatMap(({ pypiDependencies = {} }) => Object.keys(pypiDependencies))
  }
}

/**
 * What is asked of each platform, with those together that are asked the same: `undefined` is all platforms.
 */
export const byPlatform = <A>(
  platforms: ReadonlyArray<string>,
  askedOf: (platform: string | undefined) => ReadonlyArray<A>
): ReadonlyArray<{ readonly platforms: ReadonlyArray<string>; readonly asked: ReadonlyArray<A> }> => {
  const groups = new Map<string, { readonly platforms: Array<string>; readonly asked: ReadonlyArray<A> }>()
  for (const platform of platforms.length === 0 ? [undefined] : new Set(platforms)) {
    const asked = askedOf(platform)
    if (asked.length === 0) continue
    const key = JSON.stringify(asked)
    const group = groups.get(key) ?? { platforms: [], asked }
    groups.set(key, group)
    if (platform !== undefined) group.platforms.push(platform)
  }
  return [...groups.values()]
}

const listed = (names: ReadonlyArray<string>): string => names.length === 0 ? "none" : names.join(", ")

const hasFeature = ({ features }: PixiDocument, feature: string): boolean => Object.hasOwn(features, feature)

/** Fails where the manifest has no feature of that name. */
export const checkFeature = (workspace: Workspace, feature: string | undefined) =>
  feature === undefined || hasFeature(workspace.document, feature)
    ? Effect.void
    : refuse(
      workspace,
      "feature",
      redact(feature),
      `the manifest has no feature of that name; its features are: ${listed(Object.keys(workspace.document.features))}`
    )

/** Fails where a feature that the manifest does not have cannot be called so. */
export const checkNewFeature = (workspace: Workspace, feature: string | undefined) => {
  if (feature === undefined || hasFeature(workspace.document, feature)) return Effect.void
  if (feature.trim() === "") return refuse(workspace, "feature", feature, "it is empty")
  // Some versions of pixi take what follows a dot for a table in the feature.
  return /[\u0000-\u001f\u007f."'\\\p{Surrogate}]/u.test(feature)
    ? refuse(
      workspace,
      "feature",
      redact(feature),
      "a new feature has no dot, quote, backslash or control character in it"
    )
    : Effect.void
}

/** Fails where a platform is not one of the manifest's: pixi would write it into the manifest. */
export const checkPlatforms = (
  workspace: Workspace,
  platforms: ReadonlyArray<string>
): Effect.Effect<void, Errors.PlatformUnsupported> => {
  const { decoded, document } = workspace
  const names = new Set(decoded.platforms)
  const inline = Object.values(document.environments).flatMap(({ inline }) => inline ?? [])
  // Features can name subdirectories that the workspace does not.
  for (const { platforms = [] } of [document.defaultFeature, ...Object.values(document.features), ...inline]) {
    for (const platform of platforms) names.add(platform)
  }
  const platform = platforms.find((one) => !names.has(one))
  if (platform === undefined) return Effect.void
  const reason = `the manifest has no platform of that name; its platforms are: ${listed([...names])}`
  return new Errors.PlatformUnsupported({ ...contextOf(workspace), platform: redact(platform), reason })
}

/** Fails where the manifest has no environment of that name. */
export const checkEnvironment = (workspace: Workspace, environment: string | undefined) => {
  const { environments } = workspace.document
  return environment === undefined || Object.hasOwn(environments, environment)
    ? Effect.void
    : refuse(
      workspace,
      "environment",
      redact(environment),
      `the manifest has no environment of that name; its environments are: ${listed(Object.keys(environments))}`
    )
}

/** The platform of an environment that a name or a conda subdirectory stands for. */
export const platformOf = (
  workspace: Workspace,
  environment: string | undefined,
  platform: string
): Effect.Effect<Platform, Errors.PlatformUnsupported> =>
  Either.match(PixiEnvironment.select(workspace.document, { environment, platform }), {
    onLeft: ({ reason }) =>
      new Errors.PlatformUnsupported({ ...contextOf(workspace), platform: redact(platform), reason: redact(reason) }),
    onRight: ({ platform }) => Effect.succeed(platform)
  })
