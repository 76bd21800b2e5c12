/** Refuses dry runs that would change the prefix. */
import { contextOf } from "@darb/package-manager/driver/Operation"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as PixiVersion from "../PixiVersion.js"
import { allDependencies } from "./PixiDependencies.js"
import type { PixiDriver, Workspace } from "./PixiFiles.js"

/** Older versions install a prefix before they solve for PyPI packages. One that exists already would change. */
const solvesPypi = "0.41.0"

/** Fails if solving would change the prefix. `pypi` is whether PyPI packages are added. */
export const checkDryRun = Effect.fnUntraced(function*(
  { executable, files }: Pick<PixiDriver, "executable" | "files">,
  workspace: Workspace,
  pypi: boolean = false
) {
  const { version } = yield* executable.capabilities(workspace)
  const hasPypi = pypi || allDependencies(workspace.document).pypi.length > 0
  if (!hasPypi || PixiVersion.atLeast(version, solvesPypi)) return
  if ((yield* files.installed(workspace)) === undefined) return
  return yield* new Errors.UnsupportedVersion({
    ...contextOf(workspace),
    executable: executable.executable,
    found: PixiVersion.format(version),
    required: solvesPypi,
    reason: "it cannot solve for PyPI packages without changing the prefix"
  })
})
