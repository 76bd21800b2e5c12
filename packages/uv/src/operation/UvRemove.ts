/**
 * Removes packages from an environment of uv.
 *
 * @module
 * @since 0.1.0
 */
import type { Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import type { RemoveOptions } from "@darb/package-manager/PackageManager"
import * as Effect from "effect/Effect"
import * as UvCommand from "../UvCommand.js"
import { checkKnown, checkPlace, checkSelection } from "./UvChecks.js"
import { dependenciesOf, distinct } from "./UvDependencies.js"
import type { UvDriver } from "./UvFiles.js"
import { makeRun } from "./UvRun.js"

/**
 * Makes `remove`. It checks itself that all packages are dependencies: uv stops at the first that is not.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeRemove = (driver: UvDriver) => {
  const run = makeRun(driver)

  return Effect.fnUntraced(function*(operation: Operation, options: RemoveOptions) {
    const { dryRun = false, extra, extras = [], group, groups = [], packages } = options
    const noInstall = dryRun || options.noInstall === true
    if (packages.length === 0) return yield* refuse(operation, "packages", "[]", "name at least one package to remove")
    yield* checkPlace(operation, options)
    return yield* driver.change(
      operation,
      Effect.fnUntraced(function*(project) {
        yield* checkKnown(project, packages, dependenciesOf(project.decoded, options))
        yield* checkSelection(project, options)
        const { environment } = project
        // `remove` has no options for groups and extras.
        const needsSync = !noInstall && extras.length + groups.length > 0
        const removal = { extra, group, names: distinct(packages), noInstall: noInstall || needsSync }
        const sync = needsSync ? [UvCommand.sync(environment, { extras, groups })] : []
        return () => run(project, UvCommand.remove(environment, removal), ...sync)
      }),
      options
    )
  })
}
