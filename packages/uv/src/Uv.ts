/** Drives the real uv, from 0.9.20 to the newest. */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import { makeDirectories } from "@darb/package-manager/driver/Directories"
import { makeExecutable } from "@darb/package-manager/driver/Executable"
import type { ExecutableOptions } from "@darb/package-manager/driver/ExecutableDescription"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { makeOperations } from "@darb/package-manager/driver/Operations"
import { makeValidate, refuse } from "@darb/package-manager/driver/Options"
import type { CommandExecutorService } from "@darb/package-manager/driver/process/Process"
import { redact } from "@darb/package-manager/driver/process/Redact"
import { makeIsolation } from "@darb/package-manager/driver/transaction/Isolation"
import { makeTransaction } from "@darb/package-manager/driver/transaction/Transaction"
import {
  type GetManifestOptions,
  type InitOptions,
  type InstallOptions,
  type ListOptions,
  PackageManager,
  type RemoveOptions,
  type StatusOptions,
  type UpdateOptions
} from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Telemetry from "@darb/package-manager/Telemetry"
import * as Pep508 from "@darb/python/Pep508"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { makeConfiguration } from "./manifest/UvConfiguration.js"
import * as UvManifest from "./manifest/UvManifest.js"
import { checkPlace, checkSelection, dependenciesAt, everything } from "./operation/UvChoice.js"
import { makeInit } from "./operation/UvInit.js"
import { packagesOf } from "./operation/UvList.js"
import { makeProjects, type Project } from "./operation/UvProject.js"
import * as UvCommand from "./UvCommand.js"
import { description } from "./UvExecutable.js"
import * as UvSpec from "./UvSpec.js"
import * as UvVersion from "./UvVersion.js"

export type UvOptions = ExecutableOptions

/** What the driver needs of its surroundings. */
export type Requirements = CommandExecutorService | FileSystem.FileSystem | Path.Path

export const capabilities: Capabilities = {
  kinds: ["pypi"],
  options: {
    init: ["name", "python", "indexes"],
    install: ["packages", "locked", "frozen", "noInstall", "group", "extra", "indexes", "groups", "extras"],
    remove: ["packages", "noInstall", "group", "extra", "groups", "extras"],
    update: ["packages", "noInstall", "groups", "extras"],
    list: [],
    status: [],
    getManifest: []
  },
  exceptions: {}
}

export const make = Effect.fnUntraced(function*(options: UvOptions = {}) {
  const { orphans, ...executable } = yield* makeExecutable(description, options)
  const path = yield* Path.Path
  const directories = yield* makeDirectories("uv", options.root)
  const projects = yield* makeProjects(directories)
  const transaction = yield* makeTransaction(orphans)
  const isolation = yield* makeIsolation(transaction, options)
  const { change, inspect } = makeOperations(projects, isolation)
  const configuration = yield* makeConfiguration(executable.environment)
  const initialize = yield* makeInit(executable, projects, transaction, isolation, configuration)

  const begin = makeValidate(directories, capabilities)

  /** Runs commands, the version of which is known by then. */
  const run = Effect.fnUntraced(function*(project: Project, ...commands: ReadonlyArray<ReadonlyArray<string>>) {
    yield* executable.capabilities(project)
    const variables = yield* configuration(project.environment, project.decoded.mentionsUv)
    yield* Effect.forEach(commands, (args) => executable.run(project, args, variables), { discard: true })
  })

  const install = Effect.fn("Uv.install")(function*(given: InstallOptions) {
    const operation = yield* begin("install", given)
    const { packages = [] } = given
    if (packages.length === 0) return yield* synchronize(operation, given)
    for (const option of ["locked", "frozen"] as const) {
      if (given[option] === true) {
        const reason = "to add packages is to change the lock file; give one or the other"
        return yield* refuse(operation, option, "true", reason)
      }
    }
    yield* checkPlace(operation, given)
    for (const option of ["groups", "extras"] as const) {
      const named = given[option] ?? []
      const reason = "what is installed stays when packages are added; leave it out"
      if (named.length > 0) return yield* refuse(operation, option, named.join(", "), reason)
    }
    const specs = yield* Effect.mapError(
      UvSpec.parseAll(packages),
      ({ reason, spec }) =>
        new Errors.InvalidSpec({ ...contextOf(operation), spec: redact(spec), reason: redact(reason) })
    )
    return yield* change(operation, (project) => {
      const present = new Set(dependenciesAt(project.decoded, given).keys())
      // A bare name that is there already stays as it is.
      const missing = specs.filter(({ isBare, name }) => !(isBare && present.has(name))).map(({ spec }) => spec)
      const { environment } = project
      if (missing.length > 0 || (given.indexes ?? []).length > 0) {
        const asked = missing.length > 0 ? missing : specs.map(({ spec }) => spec)
        return Effect.succeed(() => run(project, UvCommand.add(environment, { ...given, specs: asked })))
      }
      const { noInstall = false } = given
      return Effect.succeed(() =>
        run(project, noInstall ? UvCommand.lock(environment) : UvCommand.sync(environment, { inexact: true }))
      )
    })
  }, Telemetry.operation("uv", "install"))

  /** Makes what is installed match the manifest. */
  const synchronize = Effect.fnUntraced(function*(operation: Operation, given: InstallOptions) {
    for (const option of ["group", "extra", "indexes"] as const) {
      const value = given[option]
      const reason = "it says where packages go, and there are none"
      if (value !== undefined && value.length > 0) return yield* refuse(operation, option, String(value), reason)
    }
    if (given.locked === true && given.frozen === true) {
      return yield* refuse(
        operation,
        "frozen",
        "true",
        "`locked` compares the lock file with the manifest; give one or the other"
      )
    }
    if (given.frozen === true && given.noInstall === true) {
      return yield* refuse(
        operation,
        "frozen",
        "true",
        "with `noInstall` there is nothing to do; give one or the other"
      )
    }
    return yield* change(operation, (project) =>
      Effect.as(checkSelection(operation, project, given), () => {
        if (given.noInstall !== true) return run(project, UvCommand.sync(project.environment, given))
        return run(project, UvCommand.lock(project.environment, given))
      }))
  })

  const remove = Effect.fn("Uv.remove")(function*(given: RemoveOptions) {
    const operation = yield* begin("remove", given)
    const { noInstall = false, packages } = given
    if (packages.length === 0) return yield* refuse(operation, "packages", "[]", "name at least one package to remove")
    yield* checkPlace(operation, given)
    return yield* change(operation, (project) => {
      const present = dependenciesAt(project.decoded, given)
      const unknown = packages.filter((name) => !present.has(Pep508.normalized(name)))
      if (unknown.length > 0) return new Errors.DependencyNotFound({ ...contextOf(operation), packages: unknown })
      const names = [...new Set(packages.map(Pep508.normalized))]
      const { extras = [], groups = [] } = given
      const isDefault = extras.length + groups.length === 0
      const commands = [
        UvCommand.remove(project.environment, { ...given, names, noInstall: noInstall || !isDefault }),
        ...(noInstall || isDefault ? [] : [UvCommand.sync(project.environment, { extras, groups })])
      ]
      return Effect.as(checkSelection(operation, project, given), () => run(project, ...commands))
    })
  }, Telemetry.operation("uv", "remove"))

  const update = Effect.fn("Uv.update")(function*(given: UpdateOptions) {
    const operation = yield* begin("update", given)
    const { noInstall = false, packages = [] } = given
    return yield* change(operation, (project) =>
      Effect.as(checkSelection(operation, project, given), (lock) => {
        const known = new Set([
          ...lock?.packages.map(({ name }) => name) ?? [],
          ...UvManifest.requirements(project.decoded, everything(project.decoded)).map(({ name }) => name)
        ])
        const unknown = packages.filter((name) => !known.has(Pep508.normalized(name)))
        // uv passes over what it does not know.
        if (unknown.length > 0) return new Errors.DependencyNotFound({ ...contextOf(operation), packages: unknown })
        const upgraded = [...new Set(packages.map(Pep508.normalized))]
        return run(
          project,
          noInstall
            ? UvCommand.updateLock(project.environment, upgraded)
            : UvCommand.update(project.environment, upgraded, given)
        )
      }))
  }, Telemetry.operation("uv", "update"))

  return PackageManager.of({
    name: "uv",
    capabilities,
    version: Effect.map(executable.version, UvVersion.format).pipe(
      Telemetry.operation("uv", "version"),
      Effect.withSpan("Uv.version")
    ),
    init: Effect.fn("Uv.init")(function*(given: InitOptions) {
      return yield* initialize(yield* begin("init", given), given)
    }, Telemetry.operation("uv", "init")),
    install,
    remove,
    update,
    list: Effect.fn("Uv.list")(function*(given: ListOptions) {
      const project = yield* inspect(yield* begin("list", given))
      const lock = yield* projects.readLock(project)
      if (lock === undefined) return []
      const view = yield* projects.view(project, lock)
      return packagesOf(lock, project.decoded, view, (source) => projects.sourceIn(project, source))
    }, Telemetry.operation("uv", "list")),
    status: Effect.fn("Uv.status")(function*(given: StatusOptions) {
      return yield* projects.status(yield* inspect(yield* begin("status", given)))
    }, Telemetry.operation("uv", "status")),
    getManifest: Effect.fn("Uv.getManifest")(function*(given: GetManifestOptions) {
      const { bytes, decoded, environment, manifest } = yield* inspect(yield* begin("getManifest", given))
      return UvManifest.toManifest(decoded, { bytes, file: manifest, directoryName: path.basename(environment) })
    }, Telemetry.operation("uv", "getManifest"))
  })
})

/** A layer for given options. Each call makes another instance: keep what it returns. */
export const layer = (options?: UvOptions): Layer.Layer<PackageManager, never, Requirements> =>
  Layer.effect(PackageManager, make(options))

/** A layer whose options come from the configuration. */
export const layerConfig = (
  options: Config.Config.Wrap<UvOptions>
): Layer.Layer<PackageManager, ConfigError, Requirements> =>
  Layer.effect(PackageManager, Effect.flatMap(Config.unwrap(options), make))

/** The `uv` on PATH. */
export const UvLive = layer()
