/**
 * Checks that the features, platforms and environments that options name are in the manifest.
 *
 * @module
 * @since 0.1.0
 */
import { contextOf } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import * as Machine from "@darb/package-manager/driver/Platform"
import { redact } from "@darb/package-manager/driver/process/Redact"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as PixiEnvironment from "../manifest/PixiEnvironment.js"
import type { Platform } from "../manifest/PixiPlatform.js"
import { allFeatures } from "./PixiDependencies.js"
import type { Workspace } from "./PixiFiles.js"

const listed = (names: Iterable<string>): string => [...names].join(", ") || "none"

/** Checks an option that names a key of a table. */
const checkKey = (
  workspace: Workspace,
  option: "environment" | "feature",
  name: string | undefined,
  table: Readonly<Record<string, unknown>>
): Effect.Effect<void, Errors.InvalidOption> => {
  if (name === undefined || Object.hasOwn(table, name)) return Effect.void
  const reason = `the manifest has no ${option} of that name; its ${option}s are: ${listed(Object.keys(table))}`
  return refuse(workspace, option, redact(name), reason)
}

/**
 * Fails with `InvalidOption`, which lists the environments of the manifest.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkEnvironment = (workspace: Workspace, environment: string | undefined) =>
  checkKey(workspace, "environment", environment, workspace.document.environments)

/**
 * Fails with `InvalidOption`, which lists the features of the manifest.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkFeature = (workspace: Workspace, feature: string | undefined) =>
  checkKey(workspace, "feature", feature, workspace.document.features)

/**
 * Checks the name of a feature that the manifest may not have yet.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkNewFeature = (workspace: Workspace, feature: string | undefined) => {
  if (feature === undefined || Object.hasOwn(workspace.document.features, feature)) return Effect.void
  if (feature.trim() === "") return refuse(workspace, "feature", feature, "it is empty")
  // Some versions of pixi take what follows a dot for a table of the feature.
  if (!/[\u0000-\u001f\u007f."'\\\p{Surrogate}]/u.test(feature)) return Effect.void
  const reason = "the name of a new feature cannot contain dots, quotes, backslashes or control characters"
  return refuse(workspace, "feature", redact(feature), reason)
}

const unsupported = (workspace: Workspace, platform: string, reason: string) =>
  new Errors.PlatformUnsupported({ ...contextOf(workspace), platform: redact(platform), reason: redact(reason) })

/**
 * Checks platforms. pixi would add one that is missing to the manifest.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkPlatforms = (
  workspace: Workspace,
  platforms: ReadonlyArray<string>
): Effect.Effect<void, Errors.PlatformUnsupported> => {
  const inFeatures = allFeatures(workspace.document).flatMap(({ platforms = [] }) => platforms)
  const known = new Set([...workspace.decoded.platforms, ...inFeatures])
  const unknown = platforms.find((platform) => !known.has(platform))
  if (unknown === undefined) return Effect.void
  const reason = `the manifest has no platform of that name; its platforms are: ${listed(known)}`
  return unsupported(workspace, unknown, reason)
}

/**
 * The platform of an environment that has a name or a conda subdirectory.
 *
 * @since 0.1.0
 * @category operations
 */
export const findPlatform = (
  workspace: Workspace,
  environment: string | undefined,
  platform: string
): Effect.Effect<Platform, Errors.PlatformUnsupported> =>
  Either.match(PixiEnvironment.select(workspace.document, { environment, platform }), {
    onLeft: ({ reason }) => unsupported(workspace, platform, reason),
    onRight: ({ platform }) => Effect.succeed(platform)
  })

/**
 * The subdirectories that pixi installs on this machine, its own first.
 *
 * @since 0.1.0
 * @category operations
 */
export const machineSubdirs = (): readonly [string, ...Array<string>] => {
  const subdir = Machine.current()
  return [subdir, subdir.replace(/^(osx|win)-arm64$/, "$1-64"), "emscripten-wasm32", "wasi-wasm32"]
}

/**
 * Checks that an environment is for this machine. Versions before 0.42 may answer as if it had no packages.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkMachine = (
  workspace: Workspace,
  environment: string | undefined
): Effect.Effect<unknown, Errors.PlatformUnsupported> => {
  const { document } = workspace
  const subdirs = machineSubdirs()
  const isForMachine = document.workspace?.platforms === undefined ||
    subdirs.some((platform) => Either.isRight(PixiEnvironment.select(document, { environment, platform })))
  return isForMachine ? Effect.void : findPlatform(workspace, environment, subdirs[0])
}
