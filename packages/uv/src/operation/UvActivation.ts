/**
 * Activates an environment of uv, and runs programs in it.
 *
 * @module
 * @since 0.1.0
 */
import { Activation } from "@darb/package-manager/Activation"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import type { RunOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type { Project, UvDriver } from "./UvFiles.js"

/**
 * `uv run` would solve and install first. The scripts of a virtual environment only set these variables.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeActivation = Effect.fnUntraced(function*({ files, inspect, programs }: UvDriver) {
  const path = yield* Path.Path

  const activate = Effect.fnUntraced(function*(project: Project) {
    const { environment, prefix } = project
    if ((yield* files.workingPython(project)) === undefined) {
      return yield* new Errors.EnvironmentNotInstalled({ ...contextOf(project), prefix })
    }
    return new Activation({
      environment,
      prefix,
      path: [path.join(prefix, path.sep === "\\" ? "Scripts" : "bin")],
      set: { VIRTUAL_ENV: prefix },
      unset: ["PYTHONHOME"],
      scripts: []
    })
  })

  return {
    activation: (operation: Operation) => Effect.flatMap(inspect(operation), activate),
    run: Effect.fnUntraced(function*(operation: Operation, options: RunOptions) {
      yield* programs.check(operation, options)
      const project = yield* inspect(operation)
      return yield* programs.run(project, options, yield* activate(project))
    })
  }
})
