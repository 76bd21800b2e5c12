/** Makes an environment of uv, or nothing at all. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type { InitOptions } from "../PackageManager.js"
import * as Pep508 from "../Pep508.js"
import * as UvCommand from "../UvCommand.js"
import * as UvManifest from "../UvManifest.js"
import * as UvSpec from "../UvSpec.js"
import type { UvVersion } from "../UvVersion.js"
import { makeCreation } from "./creation.js"
import type { Guard } from "./guard.js"
import { refuse } from "./options.js"
import { redact } from "./redact.js"
import type { Task } from "./task.js"
import type { Tool } from "./tool.js"
import type { Transaction } from "./transaction.js"
import type { Variables } from "./uvConfiguration.js"
import { fileName, litter, type makeProjects } from "./uvProject.js"

/** The name of a directory as a project can have it. */
const nameOf = (directory: string): string => {
  const name = directory.normalize("NFKD").replace(/\p{M}+/gu, "").replace(/[^A-Za-z0-9._-]+/g, "-")
  return Pep508.normalizedName(name.replace(/^[-._]+|[-._]+$/g, "")) ?? "environment"
}

/** Why a text is no index, if it is none. */
const indexProblem = (index: string): string | undefined => {
  if (index.trim() === "") return "it is empty"
  if (/[\u0000-\u001f\u007f\p{Surrogate}]/u.test(index)) return "it has a control character, such as a line end"
  return /:\/\/[^/]*@/.test(index)
    ? "credentials do not belong in a manifest: name the index, NAME=URL, and set UV_INDEX_NAME_USERNAME and _PASSWORD"
    : undefined
}

/** The tables of indexes, the last of which is in place of PyPI. */
const tables = (indexes: ReadonlyArray<string>): string =>
  indexes.map((index, at) => {
    const [, name, url = index] = /^([\w.-]+)=(.*)$/s.exec(index) ?? []
    const lines = [
      ...(name === undefined ? [] : [`name = ${JSON.stringify(name)}`]),
      // JSON's strings are also TOML's.
      `url = ${JSON.stringify(url)}`,
      ...(at === indexes.length - 1 ? ["default = true"] : [])
    ]
    return ["", "[[tool.uv.index]]", ...lines, ""].join("\n")
  }).join("")

export const makeInit = Effect.fnUntraced(function*(
  tool: Tool<UvVersion>,
  projects: Effect.Effect.Success<ReturnType<typeof makeProjects>>,
  transaction: Transaction,
  guard: Guard,
  configuration: Variables
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const create = yield* makeCreation(guard)

  const check = Effect.fnUntraced(function*(task: Task, { indexes = [], name, python }: InitOptions) {
    if (name !== undefined && Pep508.normalizedName(name) === undefined) {
      const reason =
        "a project's name has letters, digits, - _ and . only, and begins and ends with one of the first two"
      return yield* refuse(task, "name", redact(name), reason)
    }
    const problem = python === undefined ? undefined : UvSpec.pythonProblem(python)
    if (python !== undefined && problem !== undefined) return yield* refuse(task, "python", python, problem)
    for (const index of indexes) {
      const problem = indexProblem(index)
      if (problem !== undefined) return yield* refuse(task, "indexes", redact(index), problem)
    }
    const workspace = yield* projects.workspaceOf(task)
    if (workspace === undefined) return
    const reason = `it would be a member of the workspace ${workspace}: exclude it there, or choose another path`
    return yield* refuse(task, "path", task.environment, reason)
  })

  const write = Effect.fnUntraced(function*(task: Task, { indexes = [], name, python }: InitOptions) {
    yield* tool.known(task)
    const manifest = projects.manifestOf(task)
    const project = { ...task, manifest, lock: path.join(task.environment, "uv.lock") }
    const named = name ?? nameOf(path.basename(task.environment))
    const variables = yield* configuration(task.environment, indexes.length > 0)
    yield* tool.succeed(project, UvCommand.init(task.environment, { name: named, python }), variables)
    if (indexes.length > 0) {
      const text = yield* fs.readFileString(manifest)
      yield* transaction.replace(manifest, new TextEncoder().encode(`${text}${tables(indexes)}`))
    }
    if (python !== undefined) yield* tool.succeed(project, UvCommand.sync(task.environment), variables)
    const { bytes, decoded } = yield* projects.open(task)
    return UvManifest.toManifest(decoded, { bytes, file: manifest, directoryName: path.basename(task.environment) })
  })

  return Effect.fnUntraced(function*(task: Task, options: InitOptions) {
    yield* check(task, options)
    const creation = {
      files: [fileName, "uv.lock"],
      directories: [".venv"],
      litter,
      find: (task: Task) =>
        Effect.map(
          projects.readManifest(task),
          (bytes) => bytes === undefined ? undefined : projects.manifestOf(task)
        ),
      check: tool.known(task)
    }
    return yield* create(task, creation, write(task, options))
  })
})
