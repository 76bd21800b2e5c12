/** Decodes `[workspace]` and what features share with it. */
import {
  array,
  boolean,
  type Context,
  type Decoder,
  integer,
  oneOf,
  show,
  string,
  text
} from "@darb/package-manager/driver/old/tomlDecoder"
import type * as Document from "../PixiDocument.js"
import * as Platforms from "../PixiPlatform.js"
import * as Syntax from "./condaSyntax.js"
import * as Version from "./condaVersion.js"
import * as Pep508 from "./pep508.js"
import { condaPypiMap } from "./pixiPypiMap.js"
import { pypiSpec } from "./pixiPypiSpecs.js"
import { pool } from "./pixiSpecs.js"
import { licenseProblem } from "./spdx.js"
import { isTable, record, struct, type Table } from "./tomlStruct.js"

export const channelPriority = oneOf("strict", "flexible", "disabled")
export const solveStrategy = oneOf("highest", "lowest", "lowest-direct")
export const excludeNewer = text(Syntax.excludeNewer)

const channelName = text(Syntax.channel)
const channelTable = struct<Document.Channel>({ channel: channelName, priority: integer, excludeNewer }, {
  required: ["channel"]
})
const channel: Decoder<Document.Channel> = (value, context) => {
  if (typeof value !== "string") {
    return isTable(value) ? channelTable(value, context) : context.wrongType("string or table", value)
  }
  channelName(value, context)
  return { channel: value }
}
export const channels = array(channel)
export const channelNames = array(channelName)

const platform: Decoder<Document.Platform> = (value, context) => {
  if (typeof value === "string") {
    if (!Platforms.subdirs.has(value)) context.doubt(`${show(value)} is not a platform that pixi knows`, { value })
    return Platforms.fromSubdir(value)
  }
  return isTable(value) ? richPlatform(value, context) : context.wrongType("string or table", value)
}

const cudaTable = struct<{ readonly driver?: string; readonly arch?: string }>({
  driver: text(Version.version),
  arch: text(Version.version)
})

const richPlatform = (table: Table, context: Context): Document.Platform | undefined => {
  const given: { name?: string; platform?: string } = {}
  const virtualPackages: Record<string, string> = {}
  const set = (name: string, version: string | undefined) => {
    if (version === undefined) return
    if (virtualPackages[name] !== undefined) context.doubt(`it says twice what ${name} has to be`)
    virtualPackages[name] = version
  }
  for (const [index, key] of table.keys.entries()) {
    const value = table.values[index]
    const virtualPackage = Platforms.virtualPackageKeys.get(key)
    if (key === "name" || key === "platform") {
      const decoded = context.at(key, string, value)
      if (decoded !== undefined) given[key] = decoded
    } else if (key === "cuda" && isTable(value)) {
      const cuda = context.at(key, cudaTable, value)
      if (cuda?.driver === undefined) context.doubt("cuda has to have a driver")
      set("__cuda", cuda?.driver)
      set("__cuda_arch", cuda?.arch)
    } else if (virtualPackage !== undefined) {
      set(virtualPackage, context.at(key, text(key === "archspec" ? Syntax.archspec : Version.version), value))
    } else if (key.startsWith("__") && key !== "__proto__") {
      set(key, context.at(key, text(Syntax.virtualPackage(key)), value))
    } else context.doubtAt([key], "is not a key that pixi knows here", { value })
  }
  const subdir = given.platform ?? given.name
  if (subdir === undefined) return context.fail("it has to have a name or a platform")
  if (!Platforms.subdirs.has(subdir)) context.doubt(`${show(subdir)} is not a platform that pixi knows`)
  const name = given.name ?? Platforms.derivedName(subdir, virtualPackages)
  const problem = context.strict ? Platforms.nameProblem(name) : undefined
  if (problem !== undefined) context.fail(problem)
  const hasMore = Object.keys(virtualPackages).length > 0
  if (name === subdir && hasMore) {
    context.doubt("a platform that asks for more cannot have the name of its subdirectory")
  }
  if (virtualPackages["__cuda_arch"] !== undefined && virtualPackages["__cuda"] === undefined) {
    context.doubt("__cuda_arch needs __cuda")
  }
  return { name, subdir, virtualPackages }
}

export const platforms: Decoder<ReadonlyArray<Document.Platform>> = (value, context) => {
  const decoded = array(platform)(value, context)
  const names = new Set<string>()
  for (const { name } of decoded ?? []) {
    if (names.has(name)) context.doubt(`the platform ${name} is there more than once`)
    names.add(name)
  }
  return decoded
}

const pypiNames = array(text(Pep508.nameProblem))
const allOrSome: Decoder<boolean | ReadonlyArray<string>> = (value, context) => {
  if (typeof value === "boolean") return value
  return Array.isArray(value) ? pypiNames(value, context) : context.wrongType("boolean or array", value)
}

const findLinks = struct<Document.FindLinks>({ path: string, url: text(Syntax.url) }, {
  open: true,
  check: (links, context) => {
    if ((links.path === undefined) === (links.url === undefined)) context.doubt("it has to have one of path and url")
  }
})

export const pypiOptions = struct<Document.PypiOptions>({
  indexUrl: text(Syntax.url),
  extraIndexUrls: array(text(Syntax.url)),
  findLinks: array(findLinks),
  noBuildIsolation: allOrSome,
  noBuild: allOrSome,
  noBinary: allOrSome,
  indexStrategy: oneOf("first-index", "unsafe-first-match", "unsafe-best-match"),
  prereleaseMode: oneOf("disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit"),
  dependencyOverrides: record(pypiSpec, Pep508.nameProblem),
  skipWheelFilenameCheck: boolean
})

const previews = array(string)
const preview: Decoder<boolean | ReadonlyArray<string>> = (value, context) => {
  if (typeof value === "boolean") return value
  return Array.isArray(value) ? previews(value, context) : context.wrongType("boolean or array", value)
}

const buildVariants = record(array(string))

export const workspace = struct<Document.Workspace>({
  name: string,
  version: text(Version.version),
  description: string,
  authors: array(string),
  channels,
  platforms,
  channelPriority,
  solveStrategy,
  license: text(licenseProblem),
  licenseFile: string,
  readme: string,
  homepage: text(Syntax.url),
  repository: text(Syntax.url),
  documentation: text(Syntax.url),
  requiresPixi: text(Version.requiresPixi),
  excludeNewer,
  preview,
  condaPypiMap,
  pypiOptions,
  s3Options: record(
    struct<Document.S3Options>({ endpointUrl: text(Syntax.url), region: string, forcePathStyle: boolean }, {
      required: ["endpointUrl", "region", "forcePathStyle"]
    })
  ),
  buildVariants,
  buildVariantsFiles: array(string),
  target: record(struct<Pick<Document.Workspace, "buildVariants">>({ buildVariants }), Platforms.selectorProblem),
  dependencies: pool
}, { required: ["channels"], older: { license_file: "licenseFile" } })
