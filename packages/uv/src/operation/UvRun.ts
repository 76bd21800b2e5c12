/** Runs commands of uv in an environment. */
import * as Effect from "effect/Effect"
import type { Project, UvDriver } from "./UvFiles.js"

/** Runs commands one after another, without the settings of a project in a parent directory. */
export const makeRun = ({ configuration, executable }: UvDriver) =>
  Effect.fnUntraced(function*(project: Project, ...commands: ReadonlyArray<ReadonlyArray<string>>) {
    yield* executable.capabilities(project)
    const variables = yield* configuration(project.environment, project.decoded.mentionsUv)
    for (const args of commands) yield* executable.run(project, args, variables)
  })
