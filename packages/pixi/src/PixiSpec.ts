/**
 * Parses match specs and requirements. Pure.
 *
 * pixi accepts some texts that nobody means: it reads `gr eet==` as `gr ==eet`. These are refused. All other texts are
 * left to pixi.
 *
 * @module
 * @since 0.1.0
 */
import * as Spec from "@darb/package-manager/driver/Spec"
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"

const operators = new Set(["=", "==", "!=", ">=", "<=", ">", "<", "~="])

/**
 * Parses a match spec. Its name is in lower case, as pixi compares names.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse: Spec.Parse = Spec.parser((spec) => {
  if (spec.includes("://") && !spec.includes("::")) return fromUrl(spec)
  if (spec.includes("#")) return Either.left("pixi ignores what follows #; remove it")
  const afterChannel = spec.replace(/^.*::/, "").trim()
  const written = /^[^\s=<>!~[\],|;@*]*/.exec(afterChannel)?.[0] ?? ""
  const constraints = afterChannel.slice(written.length)
  const reason = nameProblem(written) ??
    (constraints.startsWith("*") ? "a pattern is not the name of a package" : constraintProblem(constraints.trim()))
  return reason === undefined
    ? Either.right({ name: written.toLowerCase(), isBare: written === spec })
    : Either.left(reason)
})

const nameProblem = (name: string): string | undefined => {
  if (name === "") return "it does not start with the name of a package"
  if (/^[a-z0-9_][a-z0-9_.-]*$/i.test(name)) return undefined
  const rule = "a name consists of ASCII letters, digits, _, - and ., and does not start with - or ."
  return `${JSON.stringify(name)} is not the name of a package: ${rule}`
}

const constraintProblem = (constraints: string): string | undefined => {
  const bracket = constraints.indexOf("[")
  if (bracket !== -1 && !constraints.endsWith("]")) return "a [ is not closed"
  const versions = (bracket === -1 ? constraints : constraints.slice(0, bracket)).trim()
  if (/^[@;]/.test(versions)) return "this is not how conda writes a version; use name>=1.0"
  // The ! of an epoch, as in 1!2.0, is not an operator.
  const unknown = versions.replace(/\d!(?=\d)/g, "").match(/[=<>!~]+/g)?.find((operator) => !operators.has(operator))
  if (unknown !== undefined) return `${unknown} does not compare versions`
  return /[=<>!~,|]$/.test(versions) ? "a version is missing at its end" : undefined
}

const fromUrl = (spec: string) => {
  const name = /\/([^/]+)-[^-/]+-[^-/]+\.(?:conda|tar\.bz2)(?:#.*)?$/.exec(spec)?.[1]
  return name === undefined
    ? Either.left("the URL is not that of a conda package, NAME-VERSION-BUILD.conda")
    : Either.right({ name: name.toLowerCase(), isBare: false })
}

/**
 * Parses a requirement (PEP 508), such as `requests[socks]>=2`. Its name is normalized (PEP 503).
 *
 * @since 0.1.0
 * @category decoding
 */
export const parsePypi: Spec.Parse = Spec.parser((spec) =>
  /\s#/.test(spec)
    ? Either.left("pixi ignores what follows #; remove it")
    : Either.mapBoth(Pep508.parse(spec), {
      onLeft: ({ reason }) => reason,
      onRight: ({ name }) => ({ name, isBare: Pep508.normalizedName(spec) !== undefined })
    })
)

/**
 * All specs, each once, or the first that is refused. Two different specs for one package are refused too.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parseAll = (
  texts: ReadonlyArray<string>,
  parseOne: Spec.Parse = parse
): Either.Either<ReadonlyArray<Spec.Spec>, Spec.Refused> => {
  const specs = new Map<string, Spec.Spec>()
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

const constraint = String.raw`(==|!=|>=|<=|>|<|~=|=)\s*\d[\w.]*(\.\*)?`

/**
 * The match spec of Python for a version such as `3.12`, or for constraints such as `>=3.11,<3.13`.
 *
 * @since 0.1.0
 * @category operations
 */
export const python = (version: string): Either.Either<string, string> => {
  const text = version.trim()
  if (/^\d+(\.\d+)*(\.\*)?$/.test(text)) return Either.right(`python ${text.endsWith("*") ? text : `${text}.*`}`)
  return new RegExp(`^${constraint}(\\s*[,|]\\s*${constraint})*$`).test(text)
    ? Either.right(`python ${text.replace(/\s+/g, "")}`)
    : Either.left("this is neither a version, such as 3.12, nor constraints, such as >=3.11,<3.13")
}
