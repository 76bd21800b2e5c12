/** Takes packages out of an environment of pixi. */
import type { Executable } from "@darb/package-manager/driver/Executable"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import type { Change } from "@darb/package-manager/driver/Operations"
import { refuse } from "@darb/package-manager/driver/Options"
import type { Transaction } from "@darb/package-manager/driver/transaction/Transaction"
import type { RemoveOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as PixiManifest from "../manifest/PixiManifest.js"
import * as PixiCommand from "../PixiCommand.js"
import * as PixiVersion from "../PixiVersion.js"
import { byPlatform, checkFeature, checkPlatforms, featureOf, namesIn, normalizedPypi, tablesOf } from "./PixiChoice.js"
import type { Lock, Workspace } from "./PixiWorkspace.js"

/** A header for a feature, for the end of a manifest. */
const headerOf = ({ fileName }: Workspace, feature: string): string => {
  // JSON's strings are also TOML's.
  const key = /^[\w-]+$/.test(feature) ? feature : JSON.stringify(feature)
  return `[${fileName === "pyproject.toml" ? "tool.pixi." : ""}feature.${key}]`
}

export const makeRemove = Effect.fnUntraced(
  function*(executable: Executable<PixiVersion.Capabilities>, transaction: Transaction) {
    const fs = yield* FileSystem.FileSystem

    const checkVersion = Effect.fnUntraced(function*(workspace: Workspace) {
      const { removeNoInstall, version } = yield* executable.capabilities(workspace)
      if (removeNoInstall) return
      return yield* new Errors.UnsupportedVersion({
        ...contextOf(workspace),
        executable: executable.executable,
        found: PixiVersion.format(version),
        required: PixiVersion.removeNoInstall,
        reason: "it cannot remove and leave what is installed as it is"
      })
    })

    /** From 0.25 on, a feature that has nothing left is gone, also where an environment names it. */
    const keepFeature = Effect.fnUntraced(function*(workspace: Workspace, feature: string) {
      const { fileName, manifest } = workspace
      const bytes = yield* fs.readFile(manifest)
      if (yield* Effect.isSuccess(PixiManifest.document({ bytes, fileName }))) return
      const text = new TextDecoder().decode(bytes)
      const kept = new TextEncoder().encode(
        `${text}${text.endsWith("\n") ? "" : "\n"}\n${headerOf(workspace, feature)}\n`
      )
      const isKept = yield* Effect.isSuccess(PixiManifest.document({ bytes: kept, fileName }))
      if (isKept) yield* transaction.replace(manifest, kept)
    })

    /** Where the names are, of one platform or of all; `unknown` is where they are not. */
    const find = (workspace: Workspace, options: RemoveOptions, platform: string | undefined) => {
      const { decoded, document, fileName } = workspace
      const feature = featureOf(options.feature)
      const tables = tablesOf(document, { feature, platform })
      // Python that comes with the project is no dependency that could be removed.
      const isImplicit = feature === undefined && platform === undefined &&
        PixiManifest.hasImplicitPython({ bytes: decoded.bytes, fileName })
      const conda = namesIn(tables.conda.filter((name) => !(isImplicit && name === "python")), options.packages)
      const others = options.packages.filter((name) => !conda.has(name))
      const pypi = namesIn(tables.pypi, others, normalizedPypi)
      return { conda, pypi, unknown: others.filter((name) => !pypi.has(name)) }
    }

    const commandsOf = (workspace: Workspace, options: RemoveOptions, severalPlatforms: boolean) => {
      const { noInstall = false, platforms = [] } = options
      const feature = featureOf(options.feature)
      const groups = byPlatform(platforms, (platform) => {
        const { conda, pypi } = find(workspace, options, platform)
        return [{ pypi: true, names: pypi }, { pypi: false, names: conda }]
          .filter(({ names }) => names.size > 0)
          .map(({ names, pypi }) => ({ pypi, names: [...new Set(names.values())] }))
      })
      return groups.flatMap(({ asked, platforms }) => {
        const calls = severalPlatforms || platforms.length === 0 ? [platforms] : platforms.map((platform) => [platform])
        return calls.flatMap((platforms) =>
          asked.map((one) => PixiCommand.remove(workspace.manifest, { ...one, feature, platforms, noInstall }))
        )
      })
    }

    const decide = Effect.fnUntraced(function*(workspace: Workspace, options: RemoveOptions) {
      const { noInstall = false, packages, platforms = [] } = options
      const feature = featureOf(options.feature)
      yield* checkFeature(workspace, feature)
      yield* checkPlatforms(workspace, platforms)
      const places = platforms.length === 0 ? [undefined] : platforms
      const unknown = new Set(places.flatMap((platform) => find(workspace, options, platform).unknown))
      if (unknown.size > 0) {
        const missing = packages.filter((name) => unknown.has(name))
        return yield* new Errors.DependencyNotFound({ ...contextOf(workspace), packages: missing })
      }
      if (noInstall) yield* checkVersion(workspace)
      const change: Change<Lock> = () =>
        Effect.gen(function*() {
          const { removePlatforms } = yield* executable.capabilities(workspace)
          for (const args of commandsOf(workspace, options, removePlatforms)) {
            yield* executable.run(workspace, args)
            // The next command reads the manifest.
            if (feature !== undefined) yield* keepFeature(workspace, feature)
          }
        })
      return change
    })

    return Effect.fnUntraced(function*(operation: Operation, options: RemoveOptions) {
      if (options.packages.length === 0) {
        return yield* refuse(operation, "packages", "[]", "name at least one package to remove")
      }
      return (workspace: Workspace) => decide(workspace, options)
    })
  }
)
