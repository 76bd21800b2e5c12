/**
 * Checks requirements before uv sees them: what it takes besides PEP 508, such as the path of a file, depends on the
 * directory and the version. Pure.
 */
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"

export interface UvSpec {
  /** As it goes to uv. */
  readonly spec: string
  /** Normalized. */
  readonly name: string
  /** Whether it is a name and nothing else. */
  readonly isBare: boolean
}

/** Why a spec is refused. */
export interface Refused {
  readonly spec: string
  readonly reason: string
}

export const parse = (text: string): Either.Either<UvSpec, Refused> => {
  const refuse = (reason: string) => Either.left({ spec: text, reason })
  if (/[\u0000-\u001f\u007f]/.test(text)) return refuse("it has a control character, such as a line end")
  const spec = text.trim()
  if (spec === "") return refuse("it is empty; give a name, such as numpy")
  if (spec.startsWith("-")) return refuse("it starts with -, which no name does")
  if (/^(?:[a-z+]+:\/\/|\.{0,2}\/)/.test(spec)) return refuse("give the name of the package before it: NAME @ URL")
  return Pep508.parse(spec).pipe(
    Either.mapBoth({
      onLeft: ({ reason }) => ({ spec: text, reason }),
      onRight: ({ extras, marker, name, specifier, url }) => ({
        spec,
        name,
        isBare: extras.length === 0 && marker === null && specifier === "" && url === null
      })
    })
  )
}

/** All of them, or why the first that is no requirement is refused. */
export const parseAll = (texts: ReadonlyArray<string>): Either.Either<ReadonlyArray<UvSpec>, Refused> =>
  Either.all(texts.map(parse))

/** Why a text is no version or version specifiers of Python, if it is neither. */
export const pythonProblem = (text: string): string | undefined => {
  if (/^\d+(?:\.\d+){0,2}$/.test(text)) return undefined
  const problem = /^\s*[<>=!~]/.test(text) ? Pep508.specifierProblem(text) : "it starts with no operator"
  return problem === undefined
    ? undefined
    : `this is neither a version, such as 3.12, nor constraints, such as >=3.11,<3.13: ${problem}`
}
