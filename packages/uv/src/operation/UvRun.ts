/**
 * Runs commands of uv in an environment.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as UvCommand from "../UvCommand.js"
import type { Project, UvDriver } from "./UvFiles.js"

/**
 * Runs commands one after another, without the settings of a project in a parent directory.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeRun = ({ configuration, executable, files }: UvDriver) =>
  Effect.fnUntraced(function*(project: Project, ...commands: ReadonlyArray<ReadonlyArray<string>>) {
    yield* executable.capabilities(project)
    const variables = yield* configuration(project.environment, project.decoded.mentionsUv)
    const python = commands.some(UvCommand.installs) ? yield* files.pythonToMove(project, project.prefix) : undefined
    const again = python === undefined ? [] : [UvCommand.venv(project.environment, python)]
    for (const args of [...again, ...commands]) yield* executable.run(project, args, variables)
  })
