/**
 * Adds packages to an environment of uv, or makes its prefix match its manifest.
 *
 * @module
 * @since 0.1.0
 */
import { checkConflicts, type Conflict } from "@darb/package-manager/driver/Conflicts"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import { redact } from "@darb/package-manager/driver/process/Redact"
import { invalidSpec, type Spec } from "@darb/package-manager/driver/Spec"
import type { InstallOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as UvCommand from "../UvCommand.js"
import * as UvSpec from "../UvSpec.js"
import { checkPlace, checkSelection } from "./UvChecks.js"
import { dependenciesOf } from "./UvDependencies.js"
import type { Project, UvDriver } from "./UvFiles.js"
import { makeRun } from "./UvRun.js"

const conflictsOf = (options: InstallOptions): ReadonlyArray<Conflict> => {
  const { extra, extras, frozen, group, groups, indexes, locked, noInstall, packages = [] } = options
  const changesLock = "adding packages changes the lock file; use one or the other"
  const needsPackages = "it says where packages are added, but there are none"
  const keepsInstalled = "adding packages uninstalls nothing; leave it out"
  return packages.length === 0
    ? [
      ["group", group, needsPackages],
      ["extra", extra, needsPackages],
      ["indexes", indexes, needsPackages],
      ["frozen", locked && frozen, "`frozen` ignores the manifest that `locked` compares; use one or the other"],
      ["frozen", frozen && noInstall, "with `noInstall` there is nothing to do; use one or the other"]
    ]
    : [
      ["locked", locked, changesLock],
      ["frozen", frozen, changesLock],
      ["groups", groups, keepsInstalled],
      ["extras", extras, keepsInstalled]
    ]
}

/** Fails if the build backend sets the table that the packages would be added to. Some backends ignore what is written. */
const checkStatic = ({ decoded, ...operation }: Project, { extra, group, packages = [] }: InstallOptions) => {
  const field = extra === undefined ? "dependencies" : "optional-dependencies"
  if (group !== undefined || !decoded.dynamic.includes(field)) return Effect.void
  const reason =
    `\`${field}\` is in \`project.dynamic\`, so that the build backend sets it; add them there, or to a group`
  return refuse(operation, "packages", redact(packages.join(" ")), reason)
}

const outdated = (project: Project) => new Errors.LockOutdated({ ...contextOf(project), file: project.lock })

/** The command that adds the specs. A bare name that is a dependency already keeps its spec. */
const commandOf = (project: Project, options: InstallOptions, specs: ReadonlyArray<Spec>): ReadonlyArray<string> => {
  const { decoded, environment } = project
  const { extra, group, indexes = [], noInstall = false } = options
  const present = dependenciesOf(decoded, options)
  const missing = specs.filter(({ isBare, name }) => !(isBare && present.has(name)))
  if (missing.length === 0 && indexes.length === 0) {
    return noInstall ? UvCommand.lock(environment) : UvCommand.sync(environment, { inexact: true })
  }
  const added = (missing.length > 0 ? missing : specs).map(({ spec }) => spec)
  return UvCommand.add(environment, { extra, group, indexes, noInstall, specs: added })
}

/**
 * Makes `install`: `uv add` with packages, `uv sync` without. A name that is a dependency already is not passed to uv,
 * so that its spec stays.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeInstall = (driver: UvDriver) => {
  const run = makeRun(driver)

  return Effect.fnUntraced(function*(operation: Operation, options: InstallOptions) {
    const { dryRun = false, frozen = false, packages = [] } = options
    const noInstall = dryRun || options.noInstall === true
    yield* checkConflicts(operation, conflictsOf(options))
    yield* checkPlace(operation, options)
    const specs = yield* Effect.mapError(UvSpec.parseAll(packages), invalidSpec(operation))
    return yield* driver.change(
      operation,
      Effect.fnUntraced(function*(project) {
        if (specs.length > 0) {
          yield* checkStatic(project, options)
          return () => run(project, commandOf(project, { ...options, noInstall }, specs))
        }
        yield* checkSelection(project, options)
        if (dryRun && frozen) return (lock) => lock === undefined ? outdated(project) : Effect.void
        const command = noInstall ? UvCommand.lock : UvCommand.sync
        return () => run(project, command(project.environment, options))
      }),
      options
    )
  })
}
