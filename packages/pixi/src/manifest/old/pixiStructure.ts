/** What pixi 0.77 refuses although each value is right by itself. */
import { Context, get } from "@darb/package-manager/driver/old/tomlDecoder"
import type { CondaSpec } from "../PixiDependency.js"
import type * as Document from "../PixiDocument.js"
import type { ConditionalSpecs, Inherited, PackageTable, Specs } from "../PixiPackage.js"
import * as Platforms from "../PixiPlatform.js"
import { conflict, inherit } from "./pixiMerge.js"
import { checkSpec, isSource } from "./pixiSpecs.js"
import type { Project } from "./pyproject.js"

type Decoded = Omit<Document.PixiDocument, "warnings">

export const checkStructure = (document: Decoded, context: Context, project: Project | undefined): void => {
  const { package: own, workspace } = document
  if (workspace === undefined) return
  const canBuild = isEnabled(workspace, "pixi-build")
  checkPool(workspace, canBuild, context)
  const features: Array<readonly [path: ReadonlyArray<string>, feature: Document.Feature]> = [[
    [],
    document.defaultFeature
  ]]
  for (const [name, feature] of Object.entries(document.features)) features.push([["feature", name], feature])
  for (const [name, { inline }] of Object.entries(document.environments)) {
    if (inline !== undefined) features.push([["environments", name], inline])
  }
  for (const [path, feature] of features) {
    checkTarget(feature, path, workspace, canBuild, context)
    for (const [selector, target] of Object.entries(feature.target ?? {})) {
      checkTarget(target, [...path, "target", selector], workspace, canBuild, context)
    }
  }
  checkPlatforms(workspace, features, context)
  for (const [name, environment] of Object.entries(document.environments)) {
    const problem = conflict(document, name, environment)
    if (problem !== undefined) context.failAt(["environments", name], problem)
  }
  if (own !== undefined) {
    if (!canBuild) context.failAt(["package"], "it needs preview = [\"pixi-build\"] in [workspace]")
    else checkPackage(own, workspace, project, context)
  }
}

const isEnabled = ({ preview = [] }: Document.Workspace, name: string) =>
  typeof preview === "boolean" || preview.includes(name)

const checkPool = ({ dependencies = {} }: Document.Workspace, canBuild: boolean, context: Context) => {
  const source = Object.keys(dependencies).find((name) =>
    (get(dependencies, name)?.git ?? get(dependencies, name)?.path) !== undefined
  )
  if (source !== undefined && !canBuild) context.failAt(["workspace", "dependencies", source], needsBuild)
}

const needsBuild = "a package that is built from sources needs preview = [\"pixi-build\"] in [workspace]"

const tables = [
  ["dependencies", "dependencies"],
  ["hostDependencies", "host-dependencies"],
  ["buildDependencies", "build-dependencies"],
  ["constraints", "constraints"]
] as const

const checkTarget = (
  target: Document.Target,
  path: ReadonlyArray<string>,
  workspace: Document.Workspace,
  canBuild: boolean,
  context: Context
) => {
  for (const [field, key] of tables) {
    const specs = target[field]
    if (specs === undefined) continue
    if (canBuild && (field === "hostDependencies" || field === "buildDependencies")) {
      context.failAt([...path, key], "only a package has them when pixi-build is on", {
        hint: `Did you mean [package.${key}]?`
      })
    }
    const isConstraints = field === "constraints"
    for (const [name, written] of Object.entries(specs)) {
      const at = [...path, key, name]
      if ((written.pinCompatible ?? written.pinSubpackage) !== undefined) context.failAt(at, "only a package has pins")
      const spec = resolve(written, name, workspace, at, context)
      if (spec === undefined) continue
      if (isConstraints && (written.package !== undefined || isSource(spec))) {
        context.failAt(at, "a constraint cannot be built from sources")
      } else if (!canBuild && isSource(spec)) context.failAt(at, needsBuild)
      if (written.package !== undefined) {
        if (!isSource(spec)) context.failAt(at, "a package that is defined here needs git, path or url")
        else if (canBuild) checkPackage(written.package, workspace, undefined, context, [...at, "package"], name)
      }
    }
  }
}

/** What a spec stands for. */
const resolve = (
  spec: CondaSpec,
  name: string,
  workspace: Document.Workspace,
  path: ReadonlyArray<string>,
  context: Context
): CondaSpec | undefined => {
  if (spec.workspace !== true) return spec
  const resolved = inherit(spec, name, workspace)
  if (resolved === undefined) {
    context.failAt(path, `[workspace.dependencies] does not have ${name}`)
    return undefined
  }
  const inner = new Context(true, context.exact)
  checkSpec(resolved, inner)
  for (const { reason } of inner.errors) context.failAt(path, reason)
  return resolved
}

const checkPlatforms = (
  workspace: Document.Workspace,
  features: ReadonlyArray<readonly [path: ReadonlyArray<string>, feature: Document.Feature]>,
  context: Context
) => {
  const declared = new Set(workspace.platforms?.map(({ name }) => name))
  const isPlain = (workspace.platforms ?? []).every(({ name, subdir }) => name === subdir)
  for (const [path, { platforms = [], systemRequirements }] of features) {
    for (const [index, name] of platforms.entries()) {
      if (!declared.has(name) && !(isPlain && Platforms.subdirs.has(name))) {
        context.failAt([...path, "platforms", index], `the workspace has no platform ${name}`)
      }
    }
    if (!isPlain && Object.keys(systemRequirements ?? {}).some((key) => key !== "unix")) {
      context.failAt(
        [...path, "system-requirements"],
        "it does not go with platforms that have requirements of their own"
      )
    }
  }
}

const inheritable = [
  ["name", "name"],
  ["version", "version"],
  ["description", "description"],
  ["authors", "authors"],
  ["license", "license"],
  ["homepage", "homepage"],
  ["repository", "repository"],
  ["documentation", "documentation"]
] as const

const isInherited = (value: unknown): value is Inherited =>
  typeof value === "object" && value !== null && "workspace" in value

const checkPackage = (
  own: PackageTable,
  workspace: Document.Workspace,
  project: Project | undefined,
  context: Context,
  path: ReadonlyArray<string> = ["package"],
  name?: string
) => {
  for (const [field, key] of inheritable) {
    if (isInherited(own[field]) && workspace[field] === undefined && !fromProject(field, project)) {
      context.failAt([...path, key], `the workspace does not say what its ${key} is`)
    }
  }
  const packageName = name ?? (typeof own.name === "string" ? own.name : workspace.name ?? project?.name)
  const check = (
    specs: ConditionalSpecs | undefined,
    key: string,
    pins: ReadonlyArray<"pinCompatible" | "pinSubpackage">
  ) => {
    for (const one of [specs?.always ?? {}, ...Object.values(specs?.conditional ?? {})]) {
      checkSpecs(one, [...path, ...key.split("/")], pins, packageName, workspace, context)
    }
  }
  check(own.hostDependencies, "host-dependencies", ["pinCompatible"])
  check(own.runDependencies, "run-dependencies", ["pinCompatible"])
  check(own.buildDependencies, "build-dependencies", [])
  check(own.runConstraints, "run-constraints", [])
  for (const [group, specs] of Object.entries(own.extraDependencies ?? {})) {
    check(specs, `extra-dependencies/${group}`, [])
  }
  for (const [bucket, specs] of Object.entries(own.runExports ?? {})) {
    check(specs, `run-exports/${bucket.replace("C", "-c")}`, ["pinCompatible", "pinSubpackage"])
  }
  const { backend } = own.build ?? {}
  if (backend?.workspace === true) resolve(backend, backend.name, workspace, [...path, "build", "backend"], context)
}

const fromProject = (field: string, project: Project | undefined): boolean =>
  project !== undefined && (
    field === "name" && project.name !== undefined ||
    field === "version" && project.version !== undefined ||
    field === "description" && project.description !== undefined ||
    field === "authors" && project.hasAuthors
  )

const checkSpecs = (
  specs: Specs,
  path: ReadonlyArray<string>,
  pins: ReadonlyArray<"pinCompatible" | "pinSubpackage">,
  packageName: string | undefined,
  workspace: Document.Workspace,
  context: Context
) => {
  const isExport = path.includes("run-exports")
  for (const [name, written] of Object.entries(specs)) {
    const at = [...path, name]
    const pin = written.pinCompatible !== undefined
      ? "pinCompatible"
      : written.pinSubpackage !== undefined
      ? "pinSubpackage"
      : undefined
    if (pin !== undefined) {
      if (!pins.includes(pin)) context.failAt(at, "such a pin is not supported here")
      const isOwn = packageName !== undefined && name.toLowerCase() === packageName.toLowerCase()
      if (packageName !== undefined && isOwn !== (pin === "pinSubpackage")) {
        context.failAt(
          at,
          isOwn ? "a package cannot be compatible with itself" : "only the package itself can be pinned so"
        )
      }
      continue
    }
    const spec = resolve(written, name, workspace, at, context)
    if (spec === undefined || !isExport) continue
    const isArchive = (spec.path ?? spec.url) !== undefined && !isSource(spec)
    if (spec.url !== undefined || isArchive) context.failAt(at, "an archive cannot be exported")
    if (path.some((key) => key.endsWith("-constraints")) && isSource(spec)) {
      context.failAt(at, "a constraint cannot be built from sources")
    }
  }
}
