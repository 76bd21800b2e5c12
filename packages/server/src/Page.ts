/** Serves the page. Its script and its style are allowed by their hashes, and nothing else is. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"

const hash = (text: string) =>
  Effect.map(
    Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
    (digest) => `'sha256-${Encoding.encodeBase64(new Uint8Array(digest))}'`
  )

export const layer = HttpApiBuilder.Router.use((router) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const html = yield* fs.readFileString(yield* path.fromFileUrl(new URL("../page/index.html", import.meta.url)))
    const part = (tag: string) => hash(new RegExp(`<${tag}>([^]*)</${tag}>`).exec(html)?.[1] ?? "")
    const policy = [
      "default-src 'none'",
      `script-src ${yield* part("script")}`,
      `style-src ${yield* part("style")}`,
      "connect-src 'self'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'"
    ].join("; ")
    const page = HttpServerResponse.text(html, {
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy": policy }
    })
    yield* router.get("/", Effect.succeed(page))
  })
)
