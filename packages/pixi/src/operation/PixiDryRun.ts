/**
 * Refuses dry runs that would change the prefix.
 *
 * @module
 * @since 0.1.0
 */
import { contextOf } from "@darb/package-manager/driver/Operation"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as PixiVersion from "../PixiVersion.js"
import { allDependencies } from "./PixiDependencies.js"
import type { PixiDriver, Workspace } from "./PixiFiles.js"

/** Older versions install a prefix before they solve for PyPI packages. One that exists already would change. */
const solvesPypi = "0.41.0"

/**
 * How a dry run solves.
 *
 * @since 0.1.0
 * @category models
 */
export interface Solve {
  /** PyPI packages are added. */
  readonly pypi?: boolean | undefined
  /** It may be done by `lock`, which installs a prefix to build PyPI packages from source where nothing forbids that. */
  readonly locks?: boolean | undefined
}

/**
 * Fails if solving would change the prefix.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkDryRun = Effect.fnUntraced(function*(
  { executable, files }: Pick<PixiDriver, "executable" | "files">,
  workspace: Workspace,
  { locks = false, pypi = false }: Solve = {}
) {
  const { version } = yield* executable.capabilities(workspace)
  const hasPypi = pypi || allDependencies(workspace.document).pypi.length > 0
  const required = locks ? PixiVersion.lockNoInstall : solvesPypi
  if (!hasPypi || PixiVersion.atLeast(version, required)) return
  if (!(yield* files.mayChange(workspace))) return
  return yield* new Errors.UnsupportedVersion({
    ...contextOf(workspace),
    executable: executable.executable,
    found: PixiVersion.format(version),
    required,
    reason: "it cannot solve for PyPI packages without changing the prefix"
  })
})

/**
 * A dry run installs nothing, so that an error about that is one about the dry run.
 *
 * @since 0.1.0
 * @category errors
 */
export const namesDryRun = (dryRun: boolean) => (error: Errors.PackageManagerError): Errors.PackageManagerError =>
  dryRun && error._tag === "InvalidOption" && error.option === "noInstall"
    ? new Errors.InvalidOption({ ...error, option: "dryRun" })
    : error
