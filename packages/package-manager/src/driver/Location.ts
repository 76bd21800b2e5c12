/** Normalizes the sources of packages, so that they compare equal across formats of lock files. */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Predicate from "effect/Predicate"
import { redact } from "./process/Redact.js"

/** How many indexes are compared with a URL. */
const maxIndexes = 100

const pypi = "https://pypi.org/simple"

/**
 * The index of a PyPI package, or the directory of a file that is on no index. Only format 7 of `pixi.lock` names the index.
 * For other formats it is the index of the environment that has the longest common prefix with the URL.
 */
export const pypiSource = (
  location: string,
  index: string | null | undefined,
  all: ReadonlyArray<string>
): string => {
  const indexes = all.slice(0, maxIndexes)
  if (Predicate.isString(index)) return normalized(index)
  const url = normalized(location.replace(/^direct\+/, ""))
  if (url.startsWith("https://files.pythonhosted.org/")) return indexes.includes(pypi) ? pypi : indexes[0] ?? pypi
  const file = url.replace(/^(https?:[^?#]*).*$/, "$1")
  if (!/\.(?:whl|zip|tgz|tbz|tar(?:\.(?:gz|bz2|xz|Z))?)$/.test(file)) return url
  const [closest] = indexes
    .map((index) => ({ index, shared: sharedLength(index, file) }))
    .filter(({ index, shared }) => shared >= hostOf(index).length)
    .sort((a, b) => b.shared - a.shared)
  return closest?.index ?? (file.slice(0, Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\"), 0)) || ".")
}

const hostOf = (url: string): string => /^https?:\/\/[^/]+/.exec(url)?.[0] ?? url

const sharedLength = (a: string, b: string): number => {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

/** Normalizes a URL or path: a `file:` URL for an absolute path, no credentials, no trailing slash. */
export const normalized = (location: string): string => {
  const trimmed = location.replace(/(?<=[^/\\])[/\\]+$/, "")
  if (trimmed.startsWith("/")) return `file://${escaped(trimmed)}`
  if (/^[a-z]:[/\\]/i.test(trimmed)) return `file:///${escaped(trimmed.replaceAll("\\", "/"))}`
  if (/^(?:git\+)?(?:https?|file):/.test(trimmed)) {
    return redact(trimmed.replace(/(?<=^[^/]*:\/\/)[^/@]*@/, ""))
      .replace(/^[^?#]*/, (url) => escaped(unescaped(url)))
  }
  return trimmed.replace(/^\.[/\\](?=.)/, "")
}

const unescaped = (url: string): string => Either.getOrElse(Encoding.decodeUriComponent(url), () => url)

const escaped = (path: string): string => path.replace(/[^!-~\p{Cs}]|["#%<>?`{}]/gu, encodeURIComponent)
