/** What the decoders say of each kind of file. A key that a schema does not know is refused. */
import * as PixiLock from "@darb/pixi/PixiLock"
import * as PixiManifest from "@darb/pixi/PixiManifest"
import * as UvLock from "@darb/uv/UvLock"
import * as UvManifest from "@darb/uv/UvManifest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"

export interface Verdict {
  readonly _tag: "accepted" | "refused" | "defect"
  readonly reason: string
}

const accepted: Verdict = { _tag: "accepted", reason: "it was decoded" }

const refused = (reason: string): Verdict => ({ _tag: "refused", reason })

const verdict = <E>(decoded: Effect.Effect<unknown, E>, reason: (error: E) => string): Effect.Effect<Verdict> =>
  Effect.match(decoded, { onFailure: (error) => refused(reason(error)), onSuccess: () => accepted })

const pixiManifest = (fileName: PixiManifest.FileName) => (bytes: Uint8Array) =>
  verdict(
    PixiManifest.document({ fileName, bytes }, { onExcessProperty: "error" }),
    ({ column, line, reason }) => `${line}:${column}: ${reason}`
  )

const pixiLock = (bytes: Uint8Array) =>
  verdict(PixiLock.read(new TextDecoder().decode(bytes)), ({ message }) => message)

const uvManifest = (bytes: Uint8Array) =>
  verdict(
    UvManifest.decode(bytes).pipe(
      Effect.flatMap(({ warnings }) => warnings),
      Effect.flatMap(([problem]) => problem === undefined ? Effect.void : Effect.fail(problem))
    ),
    JSON.stringify
  )

const uvLock = (bytes: Uint8Array) => verdict(UvLock.decode(bytes), ({ message }) => message)

const kinds: Readonly<Record<string, (bytes: Uint8Array) => Effect.Effect<Verdict>>> = {
  "pixi.toml": pixiManifest("pixi.toml"),
  "mojoproject.toml": pixiManifest("mojoproject.toml"),
  "pyproject.toml#pixi": pixiManifest("pyproject.toml"),
  "pixi.lock": pixiLock,
  "pyproject.toml#uv": uvManifest,
  "uv.lock": uvLock
}

export const isKind = (kind: string): boolean => Object.hasOwn(kinds, kind)

/** The verdict on a file of a known kind. */
export const on = (kind: string, file: string): Effect.Effect<Verdict> =>
  Effect.suspend(() => kinds[kind]?.(readFileSync(file)) ?? Effect.succeed(refused(`unknown kind ${kind}`))).pipe(
    Effect.catchAllDefect((defect) => Effect.succeed<Verdict>({ _tag: "defect", reason: String(defect) }))
  )
