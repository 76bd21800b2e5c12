/**
 * Creates an environment of uv, or leaves nothing behind.
 *
 * @module
 * @since 0.1.0
 */
import { makeCreation } from "@darb/package-manager/driver/Creation"
import type { Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import { redact } from "@darb/package-manager/driver/process/Redact"
import { textProblem } from "@darb/package-manager/driver/Spec"
import type { InitOptions } from "@darb/package-manager/PackageManager"
import * as Pep508 from "@darb/python/Pep508"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as UvCommand from "../UvCommand.js"
import * as UvSpec from "../UvSpec.js"
import { fileName, temporaryFiles, type UvDriver } from "./UvFiles.js"

/** A project name made from the name of a directory. */
const nameOf = (directory: string): string => {
  const name = directory.normalize("NFKD").replace(/\p{M}+/gu, "").replace(/[^A-Za-z0-9._-]+/g, "-")
  return Pep508.normalizedName(name.replace(/^[-._]+|[-._]+$/g, "")) ?? "environment"
}

const indexProblem = (index: string): string | undefined =>
  /:\/\/[^/]*@/.test(index)
    ? "credentials do not belong in a manifest: name the index, NAME=URL, and set UV_INDEX_NAME_USERNAME and _PASSWORD"
    : textProblem(index)

/** The tables of indexes. The last index replaces PyPI. */
const indexTables = (indexes: ReadonlyArray<string>): string =>
  indexes.map((index, at) => {
    const [, name, url = index] = /^([\w.-]+)=(.*)$/s.exec(index) ?? []
    const lines = [
      ...(name === undefined ? [] : [`name = ${JSON.stringify(name)}`]),
      // Strings of JSON are strings of TOML.
      `url = ${JSON.stringify(url)}`,
      ...(at === indexes.length - 1 ? ["default = true"] : [])
    ]
    return ["", "[[tool.uv.index]]", ...lines, ""].join("\n")
  }).join("")

/**
 * Makes `init`: writes `pyproject.toml`, with the indexes in it before uv first solves. With `python` it also creates
 * `.venv`. A directory that would become a member of a workspace above it is refused.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeInit = Effect.fnUntraced(function*(driver: UvDriver) {
  const { configuration, executable, files, isolation, transaction, withProgress } = driver
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const create = yield* makeCreation(isolation)

  const check = Effect.fnUntraced(function*(operation: Operation, { indexes = [], name, python }: InitOptions) {
    if (name !== undefined && Pep508.normalizedName(name) === undefined) {
      const reason = "a project name has only letters, digits, -, _ and ., and starts and ends with a letter or digit"
      return yield* refuse(operation, "name", redact(name), reason)
    }
    if (python !== undefined) {
      const problem = UvSpec.pythonProblem(python)
      if (problem !== undefined) return yield* refuse(operation, "python", python, problem)
    }
    for (const index of indexes) {
      const problem = indexProblem(index)
      if (problem !== undefined) return yield* refuse(operation, "indexes", redact(index), problem)
    }
    const workspace = yield* files.workspaceOf(operation)
    if (workspace === undefined) return
    const reason = `it would be a member of the workspace ${workspace}: exclude it there, or choose another path`
    return yield* refuse(operation, "path", operation.environment, reason)
  })

  const write = Effect.fnUntraced(function*(operation: Operation, options: InitOptions) {
    const { environment: directory } = operation
    const { indexes = [], name = nameOf(path.basename(directory)), python } = options
    const manifest = files.manifestOf(operation)
    const project = { ...operation, manifest, lock: path.join(directory, "uv.lock") }
    yield* executable.capabilities(operation)
    const variables = yield* configuration(directory, indexes.length > 0)
    yield* executable.run(project, UvCommand.init(directory, { name, python }), variables)
    if (indexes.length > 0) {
      const text = yield* fs.readFileString(manifest)
      yield* transaction.replace(manifest, new TextEncoder().encode(`${text}${indexTables(indexes)}`))
    }
    if (python !== undefined) {
      yield* files.pythonToMove(operation, path.resolve(directory, files.prefixPath))
      const sync = executable.run(project, UvCommand.sync(directory), variables)
      yield* withProgress(yield* files.open(operation))(sync)
    }
    return files.toManifest(yield* files.open(operation))
  })

  return Effect.fnUntraced(function*(operation: Operation, options: InitOptions) {
    yield* check(operation, options)
    const creation = {
      files: [fileName, "uv.lock"],
      directories: [files.prefixPath],
      temporaryFiles,
      find: (operation: Operation) =>
        Effect.map(files.readManifest(operation), (bytes) => bytes && files.manifestOf(operation)),
      check: executable.capabilities(operation)
    }
    return yield* create(operation, creation, write(operation, options))
  })
})
