/**
 * Parses requirements (PEP 508). Pure.
 *
 * uv also accepts paths and URLs, but what these mean depends on the directory and the version: they are refused.
 *
 * @module
 * @since 0.1.0
 */
import * as Spec from "@darb/package-manager/driver/Spec"
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"

/**
 * Parses a requirement. Its name is normalized (PEP 503).
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse: Spec.Parse = Spec.parser((spec) => {
  if (spec.startsWith("-")) return Either.left("a name never starts with -")
  if (/^(?:[a-z+]+:\/\/|\.{0,2}\/)/.test(spec)) {
    return Either.left("give the name of the package before it: NAME @ URL")
  }
  return Either.mapBoth(Pep508.parse(spec), {
    onLeft: ({ reason }) => reason,
    onRight: ({ name }) => ({ name, isBare: Pep508.normalizedName(spec) !== undefined })
  })
})

/**
 * All requirements, or the first that is refused.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parseAll = (texts: ReadonlyArray<string>): Either.Either<ReadonlyArray<Spec.Spec>, Spec.Refused> =>
  Either.all(texts.map(parse))

/**
 * Why a text is neither a version of Python nor version specifiers.
 *
 * @since 0.1.0
 * @category validation
 */
export const pythonProblem = (text: string): string | undefined => {
  if (/^\d+(?:\.\d+){0,2}$/.test(text)) return undefined
  const problem = /^\s*[<>=!~]/.test(text) ? Pep508.specifierProblem(text) : "it starts with no operator"
  return problem === undefined
    ? undefined
    : `this is neither a version, such as 3.12, nor constraints, such as >=3.11,<3.13: ${problem}`
}
