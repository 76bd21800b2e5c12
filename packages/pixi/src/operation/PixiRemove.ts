/**
 * Removes packages from an environment of pixi.
 *
 * @module
 * @since 0.1.0
 */
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import type { RemoveOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as PixiManifest from "../manifest/PixiManifest.js"
import * as PixiCommand from "../PixiCommand.js"
import * as PixiVersion from "../PixiVersion.js"
import { checkFeature, checkMachine, checkPlatforms } from "./PixiChecks.js"
import { dependenciesOf, featureOf, findKeys, groupByItems, pypiName } from "./PixiDependencies.js"
import { checkDryRun, namesDryRun } from "./PixiDryRun.js"
import type { PixiDriver, Workspace } from "./PixiFiles.js"

/** The table header of a feature. */
const headerOf = ({ fileName }: Workspace, feature: string): string => {
  // Strings of JSON are strings of TOML.
  const key = /^[\w-]+$/.test(feature) ? feature : JSON.stringify(feature)
  return `[${fileName === "pyproject.toml" ? "tool.pixi." : ""}feature.${key}]`
}

/** The keys of the packages in one table. */
const findIn = (workspace: Workspace, options: RemoveOptions, platform: string | undefined) => {
  const { document } = workspace
  const feature = featureOf(options.feature)
  const { conda, pypi } = dependenciesOf(document, { feature, platform })
  // `requires-python` adds Python, but it is not a dependency that pixi could remove.
  const isImplicit = feature === undefined && platform === undefined && document.hasImplicitPython
  const inConda = findKeys(conda.filter((name) => !(isImplicit && name === "python")), options.packages)
  const others = options.packages.filter((name) => !inConda.has(name))
  const inPypi = findKeys(pypi, others, pypiName)
  return { conda: inConda, pypi: inPypi, missing: others.filter((name) => !inPypi.has(name)) }
}

const commandsOf = (workspace: Workspace, options: RemoveOptions, { removePlatforms }: PixiVersion.Capabilities) => {
  const { dryRun, platforms = [] } = options
  const noInstall = dryRun === true || options.noInstall
  const feature = featureOf(options.feature)
  const groups = groupByItems(platforms, (platform) => {
    const { conda, pypi } = findIn(workspace, options, platform)
    return [{ pypi: true, names: [...new Set(pypi.values())] }, { pypi: false, names: [...new Set(conda.values())] }]
      .filter(({ names }) => names.length > 0)
  })
  return groups.flatMap(({ items, platforms }) => {
    const calls = removePlatforms || platforms.length === 0 ? [platforms] : platforms.map((platform) => [platform])
    return calls.flatMap((platforms) =>
      items.map((item) => PixiCommand.remove(workspace.manifest, { ...item, feature, platforms, noInstall }))
    )
  })
}

/**
 * Makes `remove`. It finds the packages in the manifest itself, since pixi takes conda and PyPI packages in separate
 * commands and some versions succeed without removing anything.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeRemove = Effect.fnUntraced(function*({ change, executable, files, transaction }: PixiDriver) {
  const fs = yield* FileSystem.FileSystem

  const checkVersion = Effect.fnUntraced(function*(workspace: Workspace) {
    const { removeNoInstall, version } = yield* executable.capabilities(workspace)
    if (removeNoInstall) return
    return yield* new Errors.UnsupportedVersion({
      ...contextOf(workspace),
      executable: executable.executable,
      found: PixiVersion.format(version),
      required: PixiVersion.removeNoInstall,
      reason: "it cannot remove packages without changing the prefix"
    })
  })

  /** From 0.25 on, pixi removes a feature with its last dependency, even if environments use the feature. */
  const keepFeature = Effect.fnUntraced(function*(workspace: Workspace, feature: string) {
    const { fileName, manifest } = workspace
    const bytes = yield* fs.readFile(manifest)
    const isValid = (bytes: Uint8Array) => Effect.isSuccess(PixiManifest.document({ bytes, fileName }))
    if (yield* isValid(bytes)) return
    const text = new TextDecoder().decode(bytes)
    const kept = new TextEncoder().encode(
      `${text}${text.endsWith("\n") ? "" : "\n"}\n${headerOf(workspace, feature)}\n`
    )
    if (yield* isValid(kept)) yield* transaction.replace(manifest, kept)
  })

  /** Removes packages from the manifest without pixi. A dry run does not keep it. */
  const edit = Effect.fnUntraced(function*(
    workspace: Workspace,
    options: RemoveOptions,
    known: PixiVersion.Capabilities
  ) {
    const { platforms = [] } = options
    const feature = featureOf(options.feature)
    const keys = (platforms.length === 0 ? [undefined] : platforms).flatMap((platform) => {
      const { conda, pypi } = findIn(workspace, options, platform)
      const table = [
        ...feature === undefined ? [] : ["feature", feature],
        ...platform === undefined ? [] : ["target", platform]
      ]
      return [
        ...[...conda.values()].map((name) => [...table, "dependencies", name]),
        ...[...pypi.values()].map((name) => [...table, "pypi-dependencies", name])
      ]
    })
    yield* transaction.replace(workspace.manifest, PixiManifest.without(workspace.decoded.bytes, keys))
    yield* executable.run(workspace, PixiCommand.lock(known, workspace.manifest))
  })

  return Effect.fnUntraced(function*(operation: Operation, options: RemoveOptions) {
    const { dryRun = false, noInstall = false, packages, platforms = [] } = options
    const feature = featureOf(options.feature)
    if (packages.length === 0) return yield* refuse(operation, "packages", "[]", "name at least one package to remove")
    return yield* change(
      operation,
      Effect.fnUntraced(function*(workspace) {
        yield* checkFeature(workspace, feature)
        yield* checkPlatforms(workspace, platforms)
        const places = platforms.length === 0 ? [undefined] : platforms
        const missing = new Set(places.flatMap((platform) => findIn(workspace, options, platform).missing))
        if (missing.size > 0) {
          const unknown = packages.filter((name) => missing.has(name))
          return yield* new Errors.DependencyNotFound({ ...contextOf(workspace), packages: unknown })
        }
        if (dryRun) yield* checkDryRun({ executable, files }, workspace)
        const { removeNoInstall } = yield* executable.capabilities(workspace)
        const byEdit = dryRun && !removeNoInstall && !noInstall && workspace.fileName === "pixi.toml"
        if (noInstall || (dryRun && !byEdit)) yield* checkVersion(workspace)
        if (!noInstall) yield* Effect.andThen(checkMachine(workspace, undefined), files.checkPrefix(workspace))
        return Effect.fnUntraced(function*() {
          const known = yield* executable.capabilities(workspace)
          if (byEdit) return yield* edit(workspace, options, known)
          for (const args of commandsOf(workspace, options, known)) {
            yield* executable.run(workspace, args)
            // The next command reads the manifest.
            if (feature !== undefined) yield* keepFeature(workspace, feature)
          }
        })
      }),
      { dryRun }
    ).pipe(Effect.mapError(namesDryRun(dryRun)))
  })
})
