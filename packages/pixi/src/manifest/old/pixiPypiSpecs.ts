/** Decodes what `[pypi-dependencies]` and its like hold. */
import { array, boolean, type Decoder, string, text } from "@darb/package-manager/driver/old/tomlDecoder"
import type { PypiSpec, SourceLocation } from "../PixiDependency.js"
import * as Syntax from "./condaSyntax.js"
import * as Pep508 from "./pep508.js"
import { checkLocation } from "./pixiSpecs.js"
import { isTable, record, struct } from "./tomlStruct.js"

const pypiTable = struct<PypiSpec>({
  version: text(Pep508.versionOrStarProblem),
  extras: array(text(Pep508.nameProblem)),
  index: text(Syntax.url),
  git: text(Syntax.url),
  branch: string,
  tag: string,
  rev: string,
  lfs: boolean,
  url: text(Syntax.url),
  subdirectory: text(Syntax.subdirectory),
  path: string,
  editable: boolean,
  envMarkers: text(Pep508.markerProblem)
}, {
  check: (spec, context) => {
    if (!context.strict) return
    checkLocation({ ...(spec.git === undefined ? {} : { git: spec.git }), ...revisionsOf(spec) }, context)
    const others = [spec.git, spec.path, spec.url, spec.index ?? spec.version].filter((given) => given !== undefined)
    if (others.length > 1) context.fail("it can have one of version, git, path and url")
  }
})

const revisionsOf = ({ branch, lfs, rev, tag }: PypiSpec): SourceLocation => ({
  ...(branch === undefined ? {} : { branch }),
  ...(lfs === undefined ? {} : { lfs }),
  ...(rev === undefined ? {} : { rev }),
  ...(tag === undefined ? {} : { tag })
})

export const pypiSpec: Decoder<PypiSpec> = (value, context) => {
  if (typeof value !== "string") {
    return isTable(value) ? pypiTable(value, context) : context.wrongType("string or table", value)
  }
  if (context.strict) {
    const problem = Pep508.versionOrStarProblem(value)
    if (problem !== undefined) context.fail(problem, { expected: "a version spec, such as >=1.2,<2", value })
  }
  return { version: value }
}

/** By name. Of names that mean the same the last one holds. */
export const pypiSpecs = record<ReadonlyArray<PypiSpec>>((value, context) => {
  const spec = pypiSpec(value, context)
  return spec === undefined ? undefined : [spec]
}, Pep508.nameProblem)
