/**
 * Updates packages of an environment of uv.
 *
 * @module
 * @since 0.1.0
 */
import type { Operation } from "@darb/package-manager/driver/Operation"
import type { UpdateOptions } from "@darb/package-manager/PackageManager"
import * as Effect from "effect/Effect"
import * as UvCommand from "../UvCommand.js"
import { checkKnown, checkSelection } from "./UvChecks.js"
import { allDependencies, distinct } from "./UvDependencies.js"
import type { UvDriver } from "./UvFiles.js"
import { makeRun } from "./UvRun.js"

/**
 * Makes `update`. It checks the names itself: uv ignores those that it does not know.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeUpdate = (driver: UvDriver) => {
  const run = makeRun(driver)

  return (operation: Operation, options: UpdateOptions) =>
    driver.change(
      operation,
      Effect.fnUntraced(function*(project) {
        const { dryRun = false, noInstall = false, packages = [] } = options
        yield* checkSelection(project, options)
        return Effect.fnUntraced(function*(lock) {
          const locked = lock?.packages.map(({ name }) => name) ?? []
          yield* checkKnown(project, packages, new Set([...locked, ...allDependencies(project.decoded)]))
          const command = dryRun || noInstall ? UvCommand.updateLock : UvCommand.update
          yield* run(project, command(project.environment, distinct(packages), options))
        })
      }),
      options
    )
}
