/**
 * Python packages as wheels. The same contents give the same bytes.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Record from "effect/Record"
import * as Bytes from "./Bytes.js"
import * as Zip from "./Zip.js"

/**
 * The contents of a wheel.
 *
 * @since 0.1.0
 * @category models
 */
export interface Contents {
  readonly name: string
  readonly version: string
  /** Requirements (PEP 508). */
  readonly requires?: ReadonlyArray<string> | undefined
  /** The supported versions of Python, such as `>=3.9`. */
  readonly requiresPython?: string | undefined
  /** The requirements of each extra. */
  readonly extras?: Readonly<Record<string, ReadonlyArray<string>>> | undefined
  /** Texts by path in `site-packages`; by default `NAME/__init__.py` with `__version__ = "VERSION"`. */
  readonly files?: Readonly<Record<string, string>> | undefined
  /** Bytes of one more file, `NAME/padding.bin`, for a long download. */
  readonly padding?: number | undefined
  /** The compatibility tags; by default `py3-none-any`. A tag may be compressed, as in `py2.py3-none-any`. */
  readonly tags?: string | undefined
}

/**
 * A built wheel, and what an index says about it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Wheel {
  /** The name of the package in the URL of an index. */
  readonly project: string
  readonly fileName: string
  readonly bytes: Bytes.Bytes
  /** Its `METADATA` file. */
  readonly metadata: Bytes.Bytes
}

/**
 * Builds a wheel.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("Wheel.make")(function*(contents: Contents): Effect.fn.Return<Wheel> {
  const { name, padding, tags = "py3-none-any", version } = contents
  const project = name.toLowerCase().replace(/[-_.]+/g, "-")
  const module = project.replaceAll("-", "_")
  const stem = `${module}-${version}`
  const info = `${stem}.dist-info`
  const texts = contents.files ?? { [`${module}/__init__.py`]: `__version__ = ${JSON.stringify(version)}\n` }
  const metadata = Bytes.encode(metadataOf(contents))
  const files: Bytes.Files = {
    ...Record.map(texts, Bytes.encode),
    ...(padding === undefined ? {} : { [`${module}/padding.bin`]: Bytes.filler(padding) }),
    [`${info}/METADATA`]: metadata,
    [`${info}/WHEEL`]: Bytes.encode(wheelOf(tags))
  }
  const listed = yield* Effect.forEach(
    Object.entries(files),
    ([path, bytes]) =>
      Effect.map(Bytes.sha256(bytes), (digest) => [path, `sha256=${Encoding.encodeBase64Url(digest)}`, bytes.length])
  )
  const record = [...listed, [`${info}/RECORD`, "", ""]].map((row) => `${row.join(",")}\n`).join("")
  return {
    project,
    fileName: `${stem}-${tags}.whl`,
    bytes: Zip.make({ ...files, [`${info}/RECORD`]: Bytes.encode(record) }),
    metadata
  }
})

const metadataOf = ({ extras = {}, name, requires = [], requiresPython, version }: Contents): string =>
  [
    "Metadata-Version: 2.1",
    `Name: ${name}`,
    `Version: ${version}`,
    ...(requiresPython === undefined ? [] : [`Requires-Python: ${requiresPython}`]),
    ...requires.map((requirement) => `Requires-Dist: ${requirement}`),
    ...Object.entries(extras).flatMap(([extra, requires]) => [
      `Provides-Extra: ${extra}`,
      ...requires.map((requirement) => `Requires-Dist: ${within(extra, requirement)}`)
    ]),
    ""
  ].join("\n")

/** A requirement under the condition of an extra. A URL may contain `;`, but not after a space. */
const within = (extra: string, requirement: string): string => {
  const [asked = "", ...marker] = requirement.split(requirement.includes("@") ? /\s;\s*/ : /\s*;\s*/)
  const condition = `extra == '${extra}'`
  return `${asked} ; ${[...marker.map((text) => `(${text})`), condition].join(" and ")}`
}

const wheelOf = (tags: string): string => {
  const [pythons = [], abis = [], platforms = []] = tags.split("-").map((alternatives) => alternatives.split("."))
  const each = pythons.flatMap((python) =>
    abis.flatMap((abi) => platforms.map((platform) => `Tag: ${python}-${abi}-${platform}`))
  )
  return ["Wheel-Version: 1.0", "Generator: darb", "Root-Is-Purelib: true", ...each, ""].join("\n")
}
