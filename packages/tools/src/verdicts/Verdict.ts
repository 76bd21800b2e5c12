/** What the decoders say of each kind of file. A key that a schema does not know is refused. */
import * as PixiLock from "@darb/pixi/PixiLock"
import * as PixiManifest from "@darb/pixi/PixiManifest"
import * as UvLock from "@darb/uv/UvLock"
import * as UvManifest from "@darb/uv/UvManifest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { readFileSync } from "node:fs"

export interface Verdict {
  readonly _tag: "accepted" | "refused" | "defect"
  readonly reason: string
}

const accepted: Verdict = { _tag: "accepted", reason: "it was decoded" }

const refused = (reason: string): Verdict => ({ _tag: "refused", reason })

const verdict = <E>(decoded: Either.Either<unknown, E>, reason: (error: E) => string): Verdict =>
  Either.match(decoded, { onLeft: (error) => refused(reason(error)), onRight: () => accepted })

const pixiManifest = (fileName: PixiManifest.FileName) => (bytes: Uint8Array) =>
  verdict(
    PixiManifest.document({ fileName, bytes }, { strict: true }),
    ({ column, line, path, reason }) =>
      `${line === undefined ? "" : `${line}:${column ?? 1}: `}${path.join(".")}: ${reason}`
  )

const pixiLock = (bytes: Uint8Array) =>
  verdict(Effect.runSync(Effect.either(PixiLock.read(new TextDecoder().decode(bytes)))), ({ message }) => message)

const uvManifest = (bytes: Uint8Array) => verdict(UvManifest.decode(bytes, { strict: true }), JSON.stringify)

const uvLock = (bytes: Uint8Array) => verdict(UvLock.decode(bytes), ({ message }) => message)

const kinds: Readonly<Record<string, (bytes: Uint8Array) => Verdict>> = {
  "pixi.toml": pixiManifest("pixi.toml"),
  "mojoproject.toml": pixiManifest("mojoproject.toml"),
  "pyproject.toml#pixi": pixiManifest("pyproject.toml"),
  "pixi.lock": pixiLock,
  "pyproject.toml#uv": uvManifest,
  "uv.lock": uvLock
}

export const isKind = (kind: string): boolean => Object.hasOwn(kinds, kind)

/** The verdict on a file of a known kind. */
export const on = (kind: string, file: string): Verdict => {
  try {
    return kinds[kind]?.(readFileSync(file)) ?? refused(`unknown kind ${kind}`)
  } catch (error) {
    return { _tag: "defect", reason: String(error) }
  }
}
