/**
 * Removes paths and credentials from texts. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import { redact } from "./driver/process/Redact.js"

/**
 * Removes what users must not see from texts about one environment.
 *
 * @since 0.1.0
 * @category models
 */
export interface PublicText {
  /** Removes them from words. */
  readonly prose: (text: string) => string
  /** The same for a text that is a path as a whole, if it is absolute. */
  readonly value: (text: string) => string
}

const outside = "[path]"

/** Where an absolute path starts: `/a`, `~/a`, `C:\a`, `\\server\a`. Not the middle of `a/b`, but the end of `-I/a`. */
const start = String.raw`(?:(?<![\p{L}\p{N}_.~-])|(?<=(?:^|\s)-\p{L}))(?:~[\w.-]*[/\\]|[A-Za-z]:[/\\]|\\\\|/)`

/** The rest of it, with a colon that is not followed by a position or by words. */
const rest = String.raw`(?:\\ |[^\s'"\x60,;()<>|:]|:(?![\s\d]|$))`

/** Another word of the same path, after a space. */
const anotherWord = String.raw`(?: (?!-|\S*://)[^\s/\\'"\x60=]+[/\\]${rest}*)`

const url = String.raw`(?<url>\b[a-z][a-z\d+.-]*:\/\/[^\s'"\x60<>|]*[^\s'"\x60<>|,;:.)\]])`

const quoted = String.raw`(?<=(?<quote>['"\x60]))${start}(?:(?!\k<quote>).)*`

const plain = String.raw`${start}(?:${rest}+${anotherWord}*)`

const absolute = new RegExp(`^${start}`, "u")

/** With the flag `u`, nothing else may be escaped. */
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")

/**
 * `directory` is the absolute path of an environment with this name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (directory: string, name: string): PublicText => {
  const isPath = absolute.test(directory) && /[^/\\]/.test(directory)
  const parts = directory.split(/[/\\]+/).map((part) => {
    const inUrl = encodeURI(part)
    return inUrl === part ? escaped(part) : `(?:${escaped(part)}|${escaped(inUrl)})`
  })
  // Messages may double the backslashes of Windows.
  const environment = parts.join(String.raw`[/\\]+`).replace(String.raw`[/\\]+$`, "")
  const flags = /^[A-Za-z]:/.test(directory) ? "iu" : "u"
  const whole = isPath ? new RegExp(String.raw`^${environment}(?:[/\\]+(?<inside>[^]*))?$`, flags) : undefined

  const path = (text: string): string => {
    const inside = whole?.exec(text)
    if (!inside || /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(text)) return outside
    return inside.groups?.inside || name
  }

  const location = (text: string): string => {
    const [, file] = /^file:\/\/(?:localhost)?\/?(\/.*|[A-Za-z]:.*)$/i.exec(text) ?? []
    if (file !== undefined) return path(Either.getOrElse(Encoding.decodeUriComponent(file), () => file))
    return /^(?:\w+\+)?file:/i.test(text) ? outside : redact(text.replace(/[?#].*$/, ""))
  }

  // Followed by what is inside, by the end of a sentence, or by what no name of a file begins with.
  const here = isPath
    ? String.raw`(?<here>(?<![\p{L}\p{N}_.~-])${environment}(?:[/\\]${rest}*|(?=[\s'"\x60,;()<>|:\]]|\.?(?:\s|$))))|`
    : ""
  const any = new RegExp(`${url}|${here}${quoted}|${plain}`, `g${flags}`)

  const prose = (text: string): string =>
    withoutSecrets(text.replace(any, (match, ...rest) => {
      const groups: Readonly<Record<string, string | undefined>> = rest.at(-1)
      return groups.url === undefined ? path(match) : location(match)
    }))

  return { prose, value: (text) => absolute.test(text) ? path(text) : prose(text) }
}

/** Removes credentials that are not part of a URL, as far as they can be recognized. */
const withoutSecrets = (text: string): string =>
  text
    .replace(/[^\s/:@'"`]{1,64}:[^\s/@'"`]{1,256}@(?=[\w[])/g, "***@")
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 ***")
    .replace(
      /\b((?:\w*[_-])?(?:token|password|passwd|secret|api[_-]?key|access[_-]?key)["']?\s*[=:]\s*)(["']?)[^\s"',;]+/gi,
      "$1$2***"
    )
    .replace(/\b(?:gh[a-z]_|github_pat_|glpat-|pypi-Ag)[\w-]{8,}/g, "***")
