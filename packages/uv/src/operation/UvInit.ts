/** Makes an environment of uv, or nothing at all. */
import { makeCreation } from "@darb/package-manager/driver/Creation"
import type { Executable } from "@darb/package-manager/driver/Executable"
import type { Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import { redact } from "@darb/package-manager/driver/process/Redact"
import type { Isolation } from "@darb/package-manager/driver/transaction/Isolation"
import type { Transaction } from "@darb/package-manager/driver/transaction/Transaction"
import type { InitOptions } from "@darb/package-manager/PackageManager"
import * as Pep508 from "@darb/python/Pep508"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type { Variables } from "../manifest/UvConfiguration.js"
import * as UvManifest from "../manifest/UvManifest.js"
import * as UvCommand from "../UvCommand.js"
import * as UvSpec from "../UvSpec.js"
import type { UvVersion } from "../UvVersion.js"
import { fileName, type makeProjects, temporaryFiles } from "./UvProject.js"

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
  executable: Executable<UvVersion>,
  projects: Effect.Effect.Success<ReturnType<typeof makeProjects>>,
  transaction: Transaction,
  isolation: Isolation,
  configuration: Variables
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const create = yield* makeCreation(isolation)

  const check = Effect.fnUntraced(function*(operation: Operation, { indexes = [], name, python }: InitOptions) {
    if (name !== undefined && Pep508.normalizedName(name) === undefined) {
      const reason =
        "a project's name has letters, digits, - _ and . only, and begins and ends with one of the first two"
      return yield* refuse(operation, "name", redact(name), reason)
    }
    const problem = python === undefined ? undefined : UvSpec.pythonProblem(python)
    if (python !== undefined && problem !== undefined) return yield* refuse(operation, "python", python, problem)
    for (const index of indexes) {
      const problem = indexProblem(index)
      if (problem !== undefined) return yield* refuse(operation, "indexes", redact(index), problem)
    }
    const workspace = yield* projects.workspaceOf(operation)
    if (workspace === undefined) return
    const reason = `it would be a member of the workspace ${workspace}: exclude it there, or choose another path`
    return yield* refuse(operation, "path", operation.environment, reason)
  })

  const write = Effect.fnUntraced(function*(operation: Operation, { indexes = [], name, python }: InitOptions) {
    yield* executable.capabilities(operation)
    const manifest = projects.manifestOf(operation)
    const project = { ...operation, manifest, lock: path.join(operation.environment, "uv.lock") }
    const named = name ?? nameOf(path.basename(operation.environment))
    const variables = yield* configuration(operation.environment, indexes.length > 0)
    yield* executable.run(project, UvCommand.init(operation.environment, { name: named, python }), variables)
    if (indexes.length > 0) {
      const text = yield* fs.readFileString(manifest)
      yield* transaction.replace(manifest, new TextEncoder().encode(`${text}${tables(indexes)}`))
    }
    if (python !== undefined) yield* executable.run(project, UvCommand.sync(operation.environment), variables)
    const { bytes, decoded } = yield* projects.open(operation)
    return UvManifest.toManifest(decoded, {
      bytes,
      file: manifest,
      directoryName: path.basename(operation.environment)
    })
  })

  return Effect.fnUntraced(function*(operation: Operation, options: InitOptions) {
    yield* check(operation, options)
    const creation = {
      files: [fileName, "uv.lock"],
      directories: [".venv"],
      temporaryFiles,
      find: (operation: Operation) =>
        Effect.map(
          projects.readManifest(operation),
          (bytes) => bytes === undefined ? undefined : projects.manifestOf(operation)
        ),
      check: executable.capabilities(operation)
    }
    return yield* create(operation, creation, write(operation, options))
  })
})
