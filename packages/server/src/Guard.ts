/**
 * Keeps other web pages away: a page of another origin is refused, and so is a page whose name was made to resolve to this
 * machine (DNS rebinding). Limits the size of requests, and tells browsers to restrict what they get.
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServer from "@effect/platform/HttpServer"
import { RequestError } from "@effect/platform/HttpServerError"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Settings } from "./Settings.js"

const headers = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY"
}

const refuse = (status: number, _tag: string, message: string) =>
  // What is left of the request is not read.
  Effect.succeed(
    HttpServerResponse.unsafeJson({ _tag, message }, { status, headers: { ...headers, connection: "close" } })
  )

/** A body that is not JSON is a defect for the API. */
export const malformed = HttpApiBuilder.middleware((app) =>
  Effect.catchSomeDefect(app, (defect) =>
    defect instanceof RequestError
      ? Option.some(refuse(400, "Malformed", "the body of the request is not JSON"))
      : Option.none())
)

export const guard = <E, R>(app: HttpApp.Default<E, R>) =>
  Effect.gen(function*() {
    yield* HttpApp.appendPreResponseHandler((_, response) =>
      // A response may have stricter or other headers of its own.
      Effect.succeed(HttpServerResponse.setHeaders(response, { ...headers, ...response.headers }))
    )
    const { allowedHosts, maxBodySize } = yield* Settings
    const { address } = yield* HttpServer.HttpServer
    const request = yield* HttpServerRequest.HttpServerRequest
    const { "content-length": length, host = "", origin, "transfer-encoding": encoding } = request.headers

    const port = address._tag === "TcpAddress" ? address.port : 80
    const local = ["127.0.0.1", "localhost", "[::1]"].map((name) => port === 80 ? name : `${name}:${port}`)
    const hosts = [...local, ...allowedHosts].map((name) => name.toLowerCase())
    if (!hosts.includes(host.toLowerCase())) {
      return yield* refuse(403, "Forbidden", "the server does not answer to this host: allow it with --allow-host")
    }
    if (origin !== undefined && !hosts.some((name) => origin === `http://${name}` || origin === `https://${name}`)) {
      return yield* refuse(403, "Forbidden", "pages of other origins may not use the server")
    }
    if (encoding !== undefined) {
      return yield* refuse(411, "LengthRequired", "the request has no content-length")
    }
    if (Number(length ?? 0) > maxBodySize) {
      return yield* refuse(413, "TooLarge", `the body has more than ${maxBodySize} bytes`)
    }
    return yield* app
  })
