/**
 * Adds packages to an environment of pixi, or makes its prefix match its manifest.
 *
 * @module
 * @since 0.1.0
 */
import * as Changes from "@darb/package-manager/Changes"
import { checkConflicts, type Conflict } from "@darb/package-manager/driver/Conflicts"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import * as Platform from "@darb/package-manager/driver/Platform"
import { invalidSpec, type Spec } from "@darb/package-manager/driver/Spec"
import type { InstallOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as PixiFailure from "../failure/PixiFailure.js"
import * as PixiEnvironment from "../manifest/PixiEnvironment.js"
import * as PixiCommand from "../PixiCommand.js"
import * as PixiSpec from "../PixiSpec.js"
import { checkEnvironment, checkMachine, checkNewFeature, checkPlatforms } from "./PixiChecks.js"
import { condaName, dependenciesOf, featureOf, groupByItems, namedFeatures, pypiName } from "./PixiDependencies.js"
import { checkDryRun, namesDryRun } from "./PixiDryRun.js"
import type { Lock, PixiDriver, Workspace } from "./PixiFiles.js"

const conflictsOf = (options: InstallOptions): ReadonlyArray<Conflict> => {
  const { environment, feature, frozen, locked, noInstall, packages = [], platforms, pypi } = options
  const changesLock = "adding packages changes the lock file; use one or the other"
  const needsPackages = "it says where packages are added, but there are none"
  return [
    ["locked", locked && frozen, "`frozen` ignores the manifest that `locked` compares; use one or the other"],
    ["noInstall", frozen && noInstall, "with `frozen` there is nothing to do; use one or the other"],
    ...packages.length === 0
      ? [
        ["feature", feature, needsPackages],
        ["platforms", platforms, needsPackages],
        ["pypi", pypi, needsPackages]
      ] as const
      : [
        ["locked", locked, changesLock],
        ["frozen", frozen, changesLock],
        ["environment", environment, "packages are added to a feature, not to an environment"]
      ] as const
  ]
}

const outdated = (workspace: Workspace) => new Errors.LockOutdated({ ...contextOf(workspace), file: workspace.lock })

/** The specs that one table lacks. What pixi does with a bare name that it has depends on the version. */
const missingIn = (
  { document }: Workspace,
  { feature, pypi = false }: InstallOptions,
  specs: ReadonlyArray<Spec>,
  platform: string | undefined
): ReadonlyArray<string> => {
  const dependencies = dependenciesOf(document, { feature: featureOf(feature), platform })
  const present = new Set(pypi ? dependencies.pypi.map(pypiName) : dependencies.conda.map(condaName))
  return specs.filter(({ isBare, name }) => !(isBare && present.has(name))).map(({ spec }) => spec)
}

/**
 * Makes `install`: `pixi add` with packages, `pixi install` without. A name that is a dependency already is not passed
 * to pixi, so that its spec stays.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeInstall = ({ change, executable, files, transaction }: PixiDriver) => {
  const install = (workspace: Workspace, options?: PixiCommand.Install) =>
    executable.run(workspace, PixiCommand.install(workspace.manifest, options))

  /**
   * Fails with `PackageNotFound` if no channel has the package. Needs a single platform, because pixi does not always name
   * the one that failed, and a single list of channels, because the search uses those of the workspace.
   */
  const explain = Effect.fnUntraced(function*(workspace: Workspace, error: Errors.Unsolvable) {
    const missing = PixiFailure.missingCandidate(error.evidence?.stderr ?? "")
    const [platform, ...others] = workspace.decoded.platforms
    const hasOneList = namedFeatures(workspace.document).every(({ channels }) => channels === undefined)
    if (missing === undefined || platform === undefined || others.length > 0 || !hasOneList) return yield* error
    const { name } = missing
    const args = PixiCommand.search(yield* executable.capabilities(workspace), workspace.manifest, { name, platform })
    const result = yield* Effect.orElseFail(executable.runShort(workspace, args), () => error)
    if (!PixiFailure.isUnknownPackage(result)) return yield* error
    const { evidence } = error
    return yield* new Errors.PackageNotFound({ ...contextOf(workspace), evidence, packages: [name], platform })
  })

  /** Makes the lock file match the manifest. `locked` fails where that changes packages. */
  const lockOnly = Effect.fnUntraced(function*(workspace: Workspace, locked: boolean, before: Lock | undefined) {
    if (locked && before === undefined) return yield* outdated(workspace)
    yield* executable.run(workspace, PixiCommand.lock(yield* executable.capabilities(workspace), workspace.manifest))
    if (!locked || before === undefined) return
    const after = yield* files.readLock(workspace)
    if (after === before) return
    const entries = after === undefined ? [] : files.entries(after)
    if (!Changes.between(files.entries(before), entries).isEmpty) return yield* outdated(workspace)
    // pixi may write the same packages in a newer format.
    yield* transaction.replace(workspace.lock, new TextEncoder().encode(before.text))
  })

  const synchronize = Effect.fnUntraced(function*(workspace: Workspace, options: InstallOptions, before?: Lock) {
    const { dryRun = false, environment = "default", frozen = false, locked = false, noInstall = false } = options
    // Versions before 0.41 panic.
    if (frozen && before?.environments.has(environment) !== true) return yield* outdated(workspace)
    if (frozen && dryRun) return
    if (dryRun || noInstall) return yield* lockOnly(workspace, locked, before)
    yield* install(workspace, { locked, frozen, environment: options.environment })
  })

  const add = Effect.fnUntraced(function*(
    workspace: Workspace,
    options: InstallOptions,
    specs: ReadonlyArray<string>,
    platforms: ReadonlyArray<string>
  ) {
    const { dryRun = false, pypi = false } = options
    const noInstall = dryRun || options.noInstall === true
    const feature = featureOf(options.feature)
    const args = PixiCommand.add(workspace.manifest, specs, { pypi, feature, platforms, noInstall })
    yield* executable.run(workspace, args).pipe(
      Effect.catchIf(
        (error) => !pypi && error._tag === "Unsolvable",
        (error) => error._tag === "Unsolvable" ? explain(workspace, error) : error
      )
    )
  })

  const hasSeveral = ({ document }: Workspace): boolean => Object.keys(document.environments).length > 1

  /** From 0.25 on, `add` installs nothing where there are several environments. */
  const needsInstall = (workspace: Workspace): boolean =>
    hasSeveral(workspace) &&
    Either.isRight(PixiEnvironment.select(workspace.document, { platform: Platform.current() }))

  return Effect.fnUntraced(function*(operation: Operation, options: InstallOptions) {
    const { dryRun = false, environment, noInstall = false, packages = [], platforms = [], pypi = false } = options
    yield* checkConflicts(operation, conflictsOf(options))
    const specs = yield* Effect.mapError(
      PixiSpec.parseAll(packages, pypi ? PixiSpec.parsePypi : PixiSpec.parse),
      invalidSpec(operation)
    )
    return yield* change(
      { ...operation, selected: environment },
      Effect.fnUntraced(function*(workspace) {
        yield* checkEnvironment(workspace, environment)
        yield* checkNewFeature(workspace, featureOf(options.feature))
        yield* checkPlatforms(workspace, platforms)
        if (dryRun) yield* checkDryRun({ executable, files }, workspace, { pypi, locks: packages.length === 0 })
        // Packages may be added for the others of several environments.
        if (!noInstall && (packages.length === 0 || !hasSeveral(workspace))) yield* checkMachine(workspace, environment)
        if (!noInstall) yield* files.checkPrefix(workspace)
        const groups = groupByItems(platforms, (platform) => missingIn(workspace, options, specs, platform))
        return Effect.fnUntraced(function*(before) {
          if (groups.length === 0) return yield* synchronize(workspace, options, before)
          for (const { items, platforms } of groups) yield* add(workspace, options, items, platforms)
          if (!noInstall && !dryRun && needsInstall(workspace)) yield* install(workspace)
        })
      }),
      options
    ).pipe(Effect.mapError(namesDryRun(dryRun)))
  })
}
