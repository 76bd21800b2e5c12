/** Only requests with the token of the server reach the API. */
import * as HttpApiMiddleware from "@effect/platform/HttpApiMiddleware"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as HttpApiSecurity from "@effect/platform/HttpApiSecurity"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Settings } from "./Settings.js"

export class Unauthorized extends Schema.TaggedError<Unauthorized>()(
  "Unauthorized",
  { message: Schema.String },
  HttpApiSchema.annotations({ status: 401 })
) {}

export class Authorization extends HttpApiMiddleware.Tag<Authorization>()("@darb/server/Authorization", {
  failure: Unauthorized,
  security: { token: HttpApiSecurity.bearer }
}) {}

/** Compares hashes, so that the time tells nothing about the token. */
const hash = (token: Redacted.Redacted) =>
  Effect.map(
    Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(Redacted.value(token)))),
    (digest) => Encoding.encodeHex(new Uint8Array(digest))
  )

export const layer = Layer.effect(
  Authorization,
  Effect.gen(function*() {
    const { token } = yield* Settings
    const expected = yield* hash(token)
    return Authorization.of({
      token: Effect.fnUntraced(function*(given) {
        if ((yield* hash(given)) === expected) return
        return yield* new Unauthorized({
          message: "the token is missing or wrong: use the address that the server printed when it started"
        })
      })
    })
  })
)

/** A new token: 32 random bytes. */
export const makeToken: Effect.Effect<Redacted.Redacted> = Effect.sync(() =>
  Redacted.make(Encoding.encodeBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(32))))
)
