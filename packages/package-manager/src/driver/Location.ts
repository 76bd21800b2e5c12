/**
 * URLs and paths of packages, in a form in which they can be compared.
 *
 * @module
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import { redact } from "./process/Redact.js"

/**
 * The URL or path in one spelling: absolute paths as `file:` URLs, without credentials and without a trailing slash.
 *
 * @since 0.1.0
 * @category operations
 */
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
