/**
 * Serves a directory over HTTP, for tests of downloads, including ones that stall.
 *
 * ```ts
 * const { stalled, url } = yield* FileServer.serve(directory, { stall: /\.whl$/ })
 * const download = yield* Effect.fork(packageManager.install({ path, packages: ["bulky"] }))
 * yield* stalled
 * yield* Fiber.interrupt(download)
 * ```
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Path from "@effect/platform/Path"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/**
 * Which requests stall.
 *
 * @since 0.1.0
 * @category options
 */
export interface ServeOptions {
  /** Requests for matching paths get half of the bytes and then stall. */
  readonly stall?: RegExp | undefined
}

/**
 * A running server. It ends with its scope.
 *
 * @since 0.1.0
 * @category models
 */
export interface Served {
  /** The URL, without a trailing slash. */
  readonly url: string
  /** Completes when the first request stalls. */
  readonly stalled: Effect.Effect<void>
  /** The requests so far, in order, such as `GET /noarch/repodata.json`. */
  readonly requests: Effect.Effect<ReadonlyArray<string>>
}

/**
 * Serves the files below a directory on the `HttpServer` of the context, which must serve nothing else. A path with a
 * trailing slash is its `index.html`; a missing file is 404.
 *
 * A stalled request gets its headers, the first half of the bytes, and nothing more until the client disconnects or the
 * scope closes. The scope must close before that of the server, which waits for its connections.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serve = Effect.fn("FileServer.serve")(function*(
  directory: string,
  options: ServeOptions = {}
): Effect.fn.Return<Served, never, HttpServer.HttpServer | FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const stalled = yield* Deferred.make<void>()
  const closed = yield* Deferred.make<void>()
  const requests: Array<string> = []

  const respond = Effect.gen(function*() {
    const { method, url } = yield* HttpServerRequest.HttpServerRequest
    const pathname = url.replace(/\?.*/, "")
    requests.push(`${method} ${pathname}`)
    const file = pathname.replace(/\/$/, "/index.html")
    const bytes = yield* read(directory, file)
    const contentType = file.endsWith(".html") ? "text/html" : "application/octet-stream"
    const stalls = method === "GET" && options.stall !== undefined && pathname.search(options.stall) !== -1
    if (!stalls) return HttpServerResponse.uint8Array(bytes, { contentType })

    yield* Deferred.succeed(stalled, undefined)
    return HttpServerResponse.stream(
      Stream.make(bytes.subarray(0, bytes.length / 2)).pipe(Stream.concat(Stream.execute(Deferred.await(closed)))),
      { contentLength: bytes.length, contentType, headers: { connection: "close" } }
    )
  })

  yield* HttpServer.serveEffect(
    Effect.catchAll(respond, () => Effect.succeed(HttpServerResponse.empty({ status: 404 })))
  )
  yield* Effect.addFinalizer(() => Deferred.succeed(closed, undefined))
  return {
    url: yield* HttpServer.addressFormattedWith(Effect.succeed),
    stalled: Deferred.await(stalled),
    requests: Effect.sync(() => [...requests])
  }
})

/** Fails for paths that lead out of the directory. */
const read = Effect.fnUntraced(function*(directory: string, pathname: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const name = yield* Effect.try(() => decodeURIComponent(pathname))
  const root = yield* fileSystem.realPath(directory)
  const file = yield* fileSystem.realPath(path.join(root, name))
  return file.startsWith(root + path.sep) ? yield* fileSystem.readFile(file) : yield* Effect.fail("outside")
})
