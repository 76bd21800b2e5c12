/**
 * Checks match specs before pixi sees them: it takes some for good that nobody means, such as `gr eet==`, which it reads
 * as `gr ==eet`. What is valid is left to pixi. Pure.
 */
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"

export interface PixiSpec {
  /** As it goes to pixi. */
  readonly spec: string
  /** In lower case, as pixi compares names. */
  readonly name: string
  /** Whether it is a name and nothing else. */
  readonly isBare: boolean
}

/** Why a spec is refused. */
export interface Refused {
  readonly spec: string
  readonly reason: string
}

const nameCharacters = /^[a-z0-9_][a-z0-9_.-]*$/

/** What stands between a name and its version, or between two versions. */
const operators = new Set(["=", "==", "!=", ">=", "<=", ">", "<", "~="])

export const parse = (text: string): Either.Either<PixiSpec, Refused> => {
  const refuse = (reason: string) => Either.left({ spec: text, reason })

  if (/[\u0000-\u001f\u007f]/.test(text)) return refuse("it has a control character, such as a line end")
  const spec = text.trim()
  if (spec === "") return refuse("it is empty; give a name, such as numpy")
  if (spec.includes("://") && !spec.includes("::")) return fromUrl(spec, refuse)
  if (spec.includes("#")) return refuse("what follows # would be ignored")

  const afterChannel = spec.replace(/^.*::/, "").trim()
  const written = /^[^\s=<>!~[\],|;@*]*/.exec(afterChannel)?.[0] ?? ""
  const name = written.toLowerCase()
  if (name === "") return refuse("it does not start with the name of a package")
  if (!nameCharacters.test(name)) {
    return refuse(
      `${
        JSON.stringify(written)
      } is not the name of a package: a name starts with a letter, a digit or _ and consists ` +
        "of those, - and ."
    )
  }
  if (afterChannel[written.length] === "*") return refuse("a pattern is not the name of a package")
  const constraints = afterChannel.slice(written.length).trim()
  const problem = problemOf(constraints)
  return problem === undefined
    ? Either.right({ spec, name, isBare: constraints === "" && written.length === spec.length })
    : refuse(problem)
}

const problemOf = (constraints: string): string | undefined => {
  const bracket = constraints.indexOf("[")
  if (bracket !== -1 && !constraints.endsWith("]")) return "a [ is not closed"
  const versions = (bracket === -1 ? constraints : constraints.slice(0, bracket)).trim()
  if (versions.startsWith("@") || versions.startsWith(";")) {
    return "this is not how conda writes a version; use name>=1.0"
  }
  // An epoch, as in 1!2.0, is not an operator.
  const unknown = versions.replace(/\d!(?=\d)/g, "").match(/[=<>!~]+/g)?.find((operator) => !operators.has(operator))
  if (unknown !== undefined) return `${unknown} does not compare versions`
  if (/[=<>!~,|]$/.test(versions)) return "a version is missing at its end"
  return undefined
}

const fromUrl = (spec: string, refuse: (reason: string) => Either.Either<never, Refused>) => {
  const file = /\/([^/]+)-[^-/]+-[^-/]+\.(?:conda|tar\.bz2)(?:#.*)?$/.exec(spec)
  return file?.[1] === undefined
    ? refuse("the URL is not that of a conda package, NAME-VERSION-BUILD.conda")
    : Either.right({ spec, name: file[1].toLowerCase(), isBare: false })
}

/** A requirement of Python's (PEP 508), such as `requests[socks]>=2`. Its name is normalized. */
export const parsePypi = (text: string): Either.Either<PixiSpec, Refused> => {
  const refuse = (reason: string) => Either.left({ spec: text, reason })

  if (/[\u0000-\u001f\u007f]/.test(text)) return refuse("it has a control character, such as a line end")
  const spec = text.trim()
  if (spec === "") return refuse("it is empty; give a name, such as requests")
  if (/\s#/.test(spec)) return refuse("what follows # would be ignored")
  return Either.mapBoth(Pep508.parse(spec), {
    onLeft: ({ reason }) => ({ spec: text, reason }),
    onRight: ({ name }) => ({ spec, name, isBare: Pep508.normalizedName(spec) !== undefined })
  })
}

/** All specs of a call, or the first that is refused: also one whose package another one names already. */
export const parseAll = (
  texts: ReadonlyArray<string>,
  parseOne: (text: string) => Either.Either<PixiSpec, Refused> = parse
): Either.Either<ReadonlyArray<PixiSpec>, Refused> => {
  const specs = new Map<string, PixiSpec>()
  for (const text of texts) {
    const parsed = parseOne(text)
    if (Either.isLeft(parsed)) return Either.left(parsed.left)
    const { name, spec } = parsed.right
    const other = specs.get(name)
    if (other !== undefined && other.spec !== spec) {
      return Either.left({ spec: text, reason: `${JSON.stringify(other.spec)} names the same package` })
    }
    specs.set(name, parsed.right)
  }
  return Either.right([...specs.values()])
}

/** The spec of Python for a version such as `3.12` or constraints such as `>=3.11,<3.13`. */
export const python = (version: string): Either.Either<string, string> => {
  const text = version.trim()
  if (/^\d+(\.\d+)*(\.\*)?$/.test(text)) return Either.right(`python ${text.endsWith("*") ? text : `${text}.*`}`)
  const constraint = String.raw`(==|!=|>=|<=|>|<|~=|=)\s*\d[\w.]*(\.\*)?`
  return new RegExp(`^${constraint}(\\s*[,|]\\s*${constraint})*$`).test(text)
    ? Either.right(`python ${text.replace(/\s+/g, "")}`)
    : Either.left("this is not a version, such as 3.12, or constraints, such as >=3.11,<3.13")
}
