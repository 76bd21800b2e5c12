/**
 * The specs of the in-memory manager: a name, and the versions that it may have, such as `greet`, `greet==1.0` or
 * `greet>=1,<2`. What is a spec here is one for pixi and for uv, and means the same to both. Versions are compared as
 * PEP 440 says. Pure.
 */
import * as PepVersion from "@darb/python/Version"
import * as Either from "effect/Either"

export interface MemorySpec {
  /** In lower case. */
  readonly name: string
  /** All of them have to admit a version; none admit any. */
  readonly specifiers: ReadonlyArray<PepVersion.Specifier>
}

const shape = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(.*)$/

export const parse = (text: string): Either.Either<MemorySpec, string> => {
  if (/[\u0000-\u001f\u007f]/.test(text)) return Either.left("it has a control character, such as a line end")
  if (text.trim() === "") return Either.left("it is empty; give a name, such as greet")
  const [, name, versions = ""] = shape.exec(text.trim()) ?? []
  if (name === undefined) return Either.left("it does not start with the name of a package")
  return Either.flatMap(
    versions === "*" ? Either.right([]) : PepVersion.parseSpecifiers(versions),
    (specifiers) =>
      specifiers.some(({ operator }) => operator === "===")
        ? Either.left("=== does not compare versions; use ==")
        : Either.right({ name: name.toLowerCase(), specifiers })
  )
}

/** All specs of a call, or the first that is wrong: also one whose package another one names already. */
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

/** The versions that it may have, as a manifest holds them: `*` is any. */
export const versions = ({ specifiers }: MemorySpec): string =>
  specifiers.length === 0 ? "*" : PepVersion.formatSpecifiers(specifiers)

export const format = ({ name, specifiers }: MemorySpec): string => name + PepVersion.formatSpecifiers(specifiers)

/** Whether it is a name and nothing else. */
export const isBare = ({ specifiers }: MemorySpec): boolean => specifiers.length === 0

export const admits = ({ specifiers }: MemorySpec, version: PepVersion.Version): boolean =>
  PepVersion.admitsAll(specifiers, version)
