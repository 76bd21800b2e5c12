/** The HTTP server: the API, its OpenAPI document and the page. */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Layer from "effect/Layer"
import { Api } from "./Api.js"
import * as Authorization from "./Authorization.js"
import { guard, malformed } from "./Guard.js"
import * as Handlers from "./Handlers.js"
import * as Page from "./Page.js"

/** Serves on the `HttpServer` of the context. */
export const layer = HttpApiBuilder.serve(guard).pipe(
  Layer.provide(HttpApiBuilder.middlewareOpenApi()),
  Layer.provide([Page.layer, malformed]),
  Layer.provide(HttpApiBuilder.api(Api)),
  Layer.provide(Handlers.layer),
  Layer.provide(Authorization.layer)
)
