/**
 * Specs of the manager in memory, such as `greet`, `greet==1.0` or `greet>=1,<2`.
 *
 * They are valid match specs and valid requirements, with the same meaning in both. Versions compare as in PEP 440.
 *
 * @module
 * @since 0.1.0
 */
import * as PepVersion from "@darb/python/Version"
import * as Either from "effect/Either"

/**
 * A parsed spec.
 *
 * @since 0.1.0
 * @category models
 */
export interface MemorySpec {
  /** The name in lower case. */
  readonly name: string
  /** A version must satisfy all of them; an empty list admits every version. */
  readonly specifiers: ReadonlyArray<PepVersion.Specifier>
}

const shape = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(.*)$/

/**
 * Parses a spec. The left side says what is wrong with it.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (text: string): Either.Either<MemorySpec, string> => {
  if (/[\u0000-\u001f\u007f]/.test(text)) return Either.left("it contains a control character, such as a newline")
  if (text.trim() === "") return Either.left("it is empty; give a name, such as greet")
  const [, name, versions = ""] = shape.exec(text.trim()) ?? []
  if (name === undefined) return Either.left("it does not start with a package name")
  return Either.flatMap(
    versions === "*" ? Either.right([]) : PepVersion.parseSpecifiers(versions),
    (specifiers) =>
      specifiers.some(({ operator }) => operator === "===")
        ? Either.left("=== is not supported; use ==")
        : Either.right({ name: name.toLowerCase(), specifiers })
  )
}

/**
 * Parses all specs, or fails with the first that is invalid or names a package twice.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parseAll = (
  texts: ReadonlyArray<string>
): Either.Either<ReadonlyArray<MemorySpec>, { readonly spec: string; readonly reason: string }> => {
  const specs = new Map<string, MemorySpec>()
  for (const text of texts) {
    const parsed = parse(text)
    if (Either.isLeft(parsed)) return Either.left({ spec: text, reason: parsed.left })
    const other = specs.get(parsed.right.name)
    if (other !== undefined && format(other) !== format(parsed.right)) {
      return Either.left({ spec: text, reason: `${JSON.stringify(format(other))} names the same package` })
    }
    specs.set(parsed.right.name, parsed.right)
  }
  return Either.right([...specs.values()])
}

/**
 * The versions as a manifest writes them; `*` is any.
 *
 * @since 0.1.0
 * @category operations
 */
export const versions = ({ specifiers }: MemorySpec): string =>
  specifiers.length === 0 ? "*" : PepVersion.formatSpecifiers(specifiers)

/**
 * The spec as text, such as `greet>=1,<2`.
 *
 * @since 0.1.0
 * @category encoding
 */
export const format = ({ name, specifiers }: MemorySpec): string => name + PepVersion.formatSpecifiers(specifiers)

/**
 * Whether the spec is only a name.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isBare = ({ specifiers }: MemorySpec): boolean => specifiers.length === 0

/**
 * Whether a version satisfies all specifiers of a spec.
 *
 * @since 0.1.0
 * @category predicates
 */
export const admits = ({ specifiers }: MemorySpec, version: PepVersion.Version): boolean =>
  PepVersion.admitsAll(specifiers, version)
