/** Adds packages to an environment of pixi, and makes what is installed match. */
import * as Changes from "@darb/package-manager/Changes"
import type { Executable } from "@darb/package-manager/driver/Executable"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import type { Change } from "@darb/package-manager/driver/Operations"
import { refuse } from "@darb/package-manager/driver/Options"
import * as Platform from "@darb/package-manager/driver/Platform"
import { redact } from "@darb/package-manager/driver/process/Redact"
import type { Transaction } from "@darb/package-manager/driver/transaction/Transaction"
import type { InstallOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as PixiFailure from "../failure/PixiFailure.js"
import * as PixiEnvironment from "../manifest/PixiEnvironment.js"
import * as PixiCommand from "../PixiCommand.js"
import * as PixiSpec from "../PixiSpec.js"
import type { Capabilities } from "../PixiVersion.js"
import {
  byPlatform,
  checkEnvironment,
  checkNewFeature,
  checkPlatforms,
  featureOf,
  normalized,
  normalizedPypi,
  tablesOf
} from "./PixiChoice.js"
import type { Lock, Workspace, Workspaces } from "./PixiWorkspace.js"

/** The first option that does not go with the others: its name, its value, and why. */
const conflictOf = (options: InstallOptions): readonly [option: string, value: string, reason: string] | undefined => {
  const { environment, feature, frozen, locked, noInstall, packages = [], platforms = [], pypi } = options
  const keeps = "to add packages is to change the lock file; give one or the other"
  const needsPackages = "this says where packages are added, and none are given"
  if (locked && frozen) return ["locked", "true", "with frozen, the lock file need not fit; give one or the other"]
  if (frozen && noInstall) {
    return ["noInstall", "true", "with frozen, the lock file stays too, so that nothing is to be done"]
  }
  if (packages.length > 0) {
    if (locked) return ["locked", "true", keeps]
    if (frozen) return ["frozen", "true", keeps]
    if (environment !== undefined) {
      return ["environment", redact(environment), "packages are added to a feature, not to an environment"]
    }
    return undefined
  }
  if (feature !== undefined) return ["feature", redact(feature), needsPackages]
  if (platforms.length > 0) return ["platforms", redact(platforms.join(", ")), needsPackages]
  return pypi ? ["pypi", "true", needsPackages] : undefined
}

const isUnsolvable = (error: Errors.PackageManagerError): error is Errors.Unsolvable => error._tag === "Unsolvable"

/** What there is to search is what the workspace has: a feature can have other channels. */
const hasOneSetOfChannels = ({ document: { environments, features } }: Workspace): boolean =>
  [...Object.values(features), ...Object.values(environments).flatMap(({ inline }) => inline ?? [])]
    .every(({ channels }) => channels === undefined)

export const makeInstall = (executable: Executable<Capabilities>, workspaces: Workspaces, transaction: Transaction) => {
  /**
   * Whether pixi had no candidates for a spec because no channel has a package of that name: asked where there is one
   * platform, because it does not always say for which of several it had none.
   */
  const withPackageNotFound = Effect.fnUntraced(function*(workspace: Workspace, error: Errors.Unsolvable) {
    const missing = PixiFailure.missingCandidate(error.evidence?.stderr ?? "")
    const [platform, ...others] = workspace.decoded.platforms
    if (missing === undefined || platform === undefined || others.length > 0) return yield* error
    if (!hasOneSetOfChannels(workspace)) return yield* error
    const args = PixiCommand.search(yield* executable.capabilities(workspace), workspace.manifest, {
      name: missing.name,
      platform
    })
    const result = yield* Effect.orElseFail(executable.runShort(workspace, args), () => error)
    if (!PixiFailure.isUnknownPackage(result)) return yield* error
    return yield* new Errors.PackageNotFound({
      ...contextOf(workspace),
      evidence: error.evidence,
      packages: [missing.name],
      platform
    })
  })

  /** Brings the lock file to match the manifest, or fails if it does not and has to stay. */
  const lockOnly = Effect.fnUntraced(function*(workspace: Workspace, locked: boolean, before: Lock | undefined) {
    if (locked && before === undefined) return yield* outdated(workspace)
    yield* executable.run(workspace, PixiCommand.lock(yield* executable.capabilities(workspace), workspace.manifest))
    if (!locked || before === undefined) return
    const after = yield* workspaces.readLock(workspace)
    if (!Changes.between(before.located, after?.located ?? []).isEmpty) return yield* outdated(workspace)
    // What pixi writes may only be another format.
    if (after?.text !== before.text) {
      yield* transaction.replace(workspace.lock, new TextEncoder().encode(before.text))
    }
  })

  const match = Effect.fnUntraced(function*(workspace: Workspace, options: InstallOptions, before: Lock | undefined) {
    const { environment = "default", frozen = false, locked = false, noInstall = false } = options
    if (noInstall) return yield* lockOnly(workspace, locked, before)
    // Versions before 0.41 panic.
    if (frozen && before?.environments.has(environment) !== true) return yield* outdated(workspace)
    yield* executable.run(
      workspace,
      PixiCommand.install(workspace.manifest, { locked, frozen, environment: options.environment })
    )
  })

  /** From 0.25 on, what is added to one of several environments is not installed. */
  const isLeftOut = ({ document }: Workspace): boolean =>
    Object.keys(document.environments).length > 1 &&
    Either.isRight(PixiEnvironment.select(document, { platform: Platform.current() }))

  const decide = Effect.fnUntraced(function*(
    workspace: Workspace,
    options: InstallOptions,
    specs: ReadonlyArray<PixiSpec.PixiSpec>
  ) {
    const { environment, noInstall = false, platforms = [], pypi = false } = options
    const feature = featureOf(options.feature)
    yield* checkEnvironment(workspace, environment)
    yield* checkNewFeature(workspace, feature)
    yield* checkPlatforms(workspace, platforms)
    // What pixi makes of a bare name that is there already depends on its version: an error, another pin, nothing.
    const groups = byPlatform(platforms, (platform) => {
      const tables = tablesOf(workspace.document, { feature, platform })
      const present = new Set(pypi ? tables.pypi.map(normalizedPypi) : tables.conda.map(normalized))
      return specs.filter(({ isBare, name }) => !(isBare && present.has(name))).map(({ spec }) => spec)
    })
    const change: Change<Lock> = (before) => {
      if (groups.length === 0) return match(workspace, options, before)
      const added = Effect.forEach(groups, ({ asked, platforms }) => {
        const args = PixiCommand.add(workspace.manifest, asked, { pypi, feature, platforms, noInstall })
        const adding = executable.run(workspace, args)
        return pypi ? adding : Effect.catchIf(adding, isUnsolvable, (error) => withPackageNotFound(workspace, error))
      }, { discard: true })
      return noInstall || !isLeftOut(workspace)
        ? added
        : Effect.andThen(added, executable.run(workspace, PixiCommand.install(workspace.manifest)))
    }
    return change
  })

  /** What is to be done in the environment, if the options go together. */
  return Effect.fnUntraced(function*(operation: Operation, options: InstallOptions) {
    const { packages = [], pypi = false } = options
    const conflict = conflictOf(options)
    if (conflict !== undefined) return yield* refuse(operation, ...conflict)
    const specs = yield* PixiSpec.parseAll(packages, pypi ? PixiSpec.parsePypi : PixiSpec.parse).pipe(
      Effect.mapError((refused) =>
        new Errors.InvalidSpec({ ...contextOf(operation), spec: redact(refused.spec), reason: redact(refused.reason) })
      )
    )
    return (workspace: Workspace) => decide(workspace, options, specs)
  })
}

const outdated = (workspace: Workspace) => new Errors.LockOutdated({ ...contextOf(workspace), file: workspace.lock })
