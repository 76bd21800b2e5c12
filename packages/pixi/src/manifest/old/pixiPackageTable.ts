/** Decodes `[package]`. */
import {
  array,
  boolean,
  type Context,
  type Decoder,
  integer,
  put,
  show,
  string,
  text
} from "@darb/package-manager/driver/old/tomlDecoder"
import type * as Package from "../PixiPackage.js"
import * as Platforms from "../PixiPlatform.js"
import * as Syntax from "./condaSyntax.js"
import * as Version from "./condaVersion.js"
import { checkSpec, packageSpecs, sourceLocation, specFields } from "./pixiSpecs.js"
import { channelNames } from "./pixiWorkspaceTable.js"
import { licenseProblem } from "./spdx.js"
import { anything, isTable, record, struct } from "./tomlStruct.js"
import { TomlTable } from "./tomlTable.js"

const workspaceTable = struct<Package.Inherited>({ workspace: boolean }, {
  required: ["workspace"],
  check: ({ workspace }, context) => {
    if (workspace === false) context.doubt("workspace cannot be false")
  }
})

const inheritable = <A>(decode: Decoder<A>): Decoder<A | Package.Inherited> => (value, context) =>
  isTable(value) ? workspaceTable(value, context) : decode(value, context)

const conditional: Decoder<Package.ConditionalSpecs> = (value, context) => {
  if (!isTable(value)) return context.wrongType("table", value)
  const { keys } = value
  if (!keys.some((key) => key.includes("("))) return { always: packageSpecs(value, context) ?? {}, conditional: {} }
  const plain = new TomlTable("inline", 0)
  const conditions: Record<string, Package.Specs> = {}
  for (const key of keys) {
    if (!key.includes("(")) {
      plain.add(key, value.get(key))
      continue
    }
    const condition = /^if\((.*)\)$/s.exec(key)?.[1]?.trim() ?? ""
    if (condition === "") context.failAt([key], `${show(key)} is not a selector: write if(…)`)
    const specs = context.at(key, packageSpecs, value.get(key))
    if (specs !== undefined) put(conditions, condition, specs)
  }
  return { always: packageSpecs(plain, context) ?? {}, conditional: conditions }
}

const additionalDependencies = packageSpecs

const plainSpec = (spec: Package.BuildBackend, context: Context) => {
  if (!context.strict) return
  if (spec.workspace === false) context.fail("workspace cannot be false")
  const wrong = (["version", "path", "git", "url"] as const).find((key) => spec[key] !== undefined)
  if (spec.workspace === true && wrong !== undefined) context.fail(`${wrong} does not go with workspace`)
  const { additionalDependencies: _, channels: __, name: ___, workspace, ...rest } = spec
  if (workspace === undefined && Object.keys(rest).length > 0) checkSpec(rest, context)
  if (
    spec.git !== undefined || (spec.path ?? spec.url) !== undefined && !Syntax.isArchive(spec.path ?? spec.url ?? "")
  ) {
    context.fail("a backend cannot be built from sources")
  }
  if (spec.channels?.length === 0) context.fail("it has no channel")
}

const backend = struct<Package.BuildBackend>({
  ...specFields,
  name: text(Syntax.packageName),
  workspace: boolean,
  channels: channelNames,
  additionalDependencies
}, { required: ["name"], check: plainSpec })

const build = struct<Package.Build>({
  backend,
  channels: channelNames,
  additionalDependencies,
  source: (value, context) => {
    const decoded = sourceLocation(value, context)
    if (decoded?.lfs !== undefined) context.doubt("lfs does not go with the sources of a build")
    return decoded
  },
  config: anything,
  target: record(
    struct<{ readonly config?: unknown }>({ config: anything }, { taken: { configuration: "config" } }),
    (selector) => selector.includes("*") ? "* is not supported here" : Platforms.selectorProblem(selector)
  ),
  flags: array(text(Syntax.flag)),
  buildNumber: integer,
  buildStringPrefix: string,
  secrets: array(string)
}, {
  taken: { configuration: "config" },
  check: (decoded, context, table) => {
    if (!table.has("backend")) context.doubtAt(["backend"], "is missing")
    if (decoded.channels?.length === 0) context.doubt("it has no channel")
  }
})

const runExports = struct<Package.RunExports>({
  noarch: conditional,
  strong: conditional,
  weak: conditional,
  strongConstraints: conditional,
  weakConstraints: conditional
})

const packageTarget = struct<Package.PackageTarget>({
  hostDependencies: packageSpecs,
  buildDependencies: packageSpecs,
  runDependencies: packageSpecs,
  runConstraints: packageSpecs,
  extraDependencies: record(packageSpecs, Syntax.extraGroup)
})

export const packageTable = struct<Package.PackageTable>({
  name: inheritable(string),
  version: inheritable(text(Version.version)),
  description: inheritable(string),
  authors: inheritable(array(string)),
  license: inheritable(text(licenseProblem)),
  licenseFile: inheritable(string),
  readme: inheritable(string),
  homepage: inheritable(text(Syntax.url)),
  repository: inheritable(text(Syntax.url)),
  documentation: inheritable(text(Syntax.url)),
  publish: boolean,
  build,
  hostDependencies: conditional,
  buildDependencies: conditional,
  runDependencies: conditional,
  runConstraints: conditional,
  extraDependencies: record(conditional, Syntax.extraGroup),
  runExports,
  target: record(
    packageTarget,
    (selector) => selector.includes("*") ? "* is not supported here" : Platforms.selectorProblem(selector)
  )
}, {
  check: (_, context, table) => {
    if (!table.has("build")) context.doubtAt(["build"], "is missing")
  }
})

/** A package that a dependency says how to build. */
export const inlinePackage: Decoder<Package.PackageTable> = (value, context) => {
  const decoded = packageTable(value, context)
  if (decoded?.name !== undefined) context.doubt("it cannot have a name: that is the dependency's")
  if (decoded?.build?.source !== undefined) context.doubt("it cannot have build.source: that is the dependency's")
  return decoded
}
