/**
 * The source of a Python package, the same for all formats of the lock file.
 *
 * @module
 * @since 0.1.0
 */
import { normalized } from "@darb/package-manager/driver/Location"

const pypi = "https://pypi.org/simple"

/** How many indexes are compared with a URL. */
const most = 100

/**
 * The index of a Python package, or the directory of an archive that no index has. Only format 7 names the index. For the
 * others it is the index of the environment that has the most in common with the URL.
 *
 * @since 0.1.0
 * @category operations
 */
export const pypiSource = (location: string, index: string | null, indexes: ReadonlyArray<string>): string => {
  if (index !== null) return normalized(index)
  const compared = indexes.slice(0, most)
  const url = normalized(location.replace(/^direct\+/, ""))
  if (url.startsWith("https://files.pythonhosted.org/")) return compared.includes(pypi) ? pypi : compared[0] ?? pypi
  const file = withoutQuery(url)
  if (!isArchive(file)) return url
  const [closest] = compared
    .map((index) => ({ index, shared: sharedLength(index, file) }))
    .filter(({ index, shared }) => shared >= hostOf(index).length)
    .sort((a, b) => b.shared - a.shared)
  return closest?.index ?? (file.slice(0, Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\"), 0)) || ".")
}

/**
 * Whether a URL or path is that of a wheel or source distribution.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isArchive = (location: string): boolean =>
  /\.(?:whl|zip|tgz|tbz|tar(?:\.(?:gz|bz2|xz|Z))?)$/.test(withoutQuery(location))

const withoutQuery = (location: string): string => location.replace(/^(https?:[^?#]*).*$/, "$1")

const hostOf = (url: string): string => /^https?:\/\/[^/]+/.exec(url)?.[0] ?? url

const sharedLength = (a: string, b: string): number => {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
