import * as Embedded from "@darb/cluster/Embedded"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpServer from "@effect/platform/HttpServer"
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { createServer, request } from "node:http"
import { join } from "node:path"
import { Api } from "../src/Api.js"
import * as Server from "../src/Server.js"
import { Settings } from "../src/Settings.js"

export const token = "the-token"

/** A temporary directory for environments. */
export const makeRoot = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.realPath(yield* fs.makeTempDirectoryScoped({ prefix: "darb-server-" }))
})

/** Serves a manager on a free port until the scope closes. */
export const serve = Effect.fnUntraced(function*(
  manager: PackageManager["Type"],
  root: string,
  settings: Partial<Settings["Type"]> = {}
) {
  const files = yield* makeRoot
  const jobs = Embedded.layer({ filename: join(files, "jobs.db"), environmentsRoot: root, stopTimeout: 0 }).pipe(
    Layer.provide(Layer.succeed(PackageManager, manager))
  )
  const all = Layer.succeed(Settings, {
    root,
    token: Redacted.make(token),
    allowedHosts: [],
    maxBodySize: 1024,
    maxEventStreams: 4,
    ...settings
  })
  const context = yield* Layer.build(
    Server.layer.pipe(
      Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })),
      Layer.provide(jobs),
      Layer.provide(all)
    )
  )
  const { address } = Context.get(context, HttpServer.HttpServer)
  const port = address._tag === "TcpAddress" ? address.port : 0
  return { port, url: `http://127.0.0.1:${port}` }
})

export const clientOf = (url: string, bearer = token) =>
  HttpApiClient.make(Api, {
    baseUrl: url,
    transformClient: HttpClient.mapRequest(HttpClientRequest.bearerToken(bearer))
  }).pipe(Effect.provide(NodeHttpClient.layer))

/** A request with any headers. Returns the status and the body. */
export const raw = (port: number, path: string, options: {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
} = {}) =>
  Effect.async<{ readonly status: number; readonly body: string; readonly headers: Record<string, unknown> }>(
    (resume) => {
      const { body, headers = {}, method = "GET" } = options
      const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
        let text = ""
        response.setEncoding("utf8").on("data", (data) => {
          text += data
        })
        response.on("end", () =>
          resume(Effect.succeed({ status: response.statusCode ?? 0, body: text, headers: response.headers })))
      })
      sent.on("error", (error) =>
        resume(Effect.die(error)))
      sent.end(body)
    }
  )

/** The data of an event or of the end. */
export interface Data {
  readonly cursor?: number
  readonly event?: {
    readonly _tag: string
    readonly environment: string
    readonly pid?: number
    readonly purpose?: string
  }
  readonly outcome?: string
  readonly message?: string
  readonly error?: { readonly _tag: string }
  readonly changes?: { readonly added: ReadonlyArray<{ readonly name: string }> }
}

export interface Sent {
  readonly id: number | undefined
  readonly event: string
  readonly data: Data
}

/** The server-sent events of a job. */
export const eventsOf = (url: string, id: string, after?: number) =>
  HttpClient.HttpClient.pipe(
    Effect.flatMap((client) =>
      HttpClient.filterStatusOk(client).execute(
        HttpClientRequest.get(`${url}/api/jobs/${id}/events`, {
          headers: after === undefined ? {} : { "last-event-id": String(after) }
        }).pipe(HttpClientRequest.bearerToken(token))
      )
    ),
    Effect.map(({ stream }) =>
      stream.pipe(
        Stream.decodeText(),
        Stream.mapAccum("", (rest, text) => {
          const blocks = (rest + text).split("\n\n")
          return [blocks.pop() ?? "", Chunk.fromIterable(blocks)]
        }),
        Stream.flattenChunks,
        Stream.map((block) =>
          Object.fromEntries(block.split("\n").map((line) => [line.replace(/:.*/s, ""), line.replace(/^\w*: ?/, "")]))
        ),
        Stream.filter(({ event }) => event !== undefined),
        Stream.map(({ data = "", event = "", id }): Sent => ({
          id: id === undefined ? undefined : Number(id),
          event,
          data: JSON.parse(data)
        }))
      )
    ),
    Stream.unwrap,
    Stream.provideLayer(NodeHttpClient.layerWithoutAgent.pipe(
      Layer.provide(NodeHttpClient.makeAgentLayer({ keepAlive: false }))
    ))
  )

/** Waits for the end of a job. */
export const endOf = (url: string, id: string) =>
  Effect.map(Stream.runCollect(eventsOf(url, id)), (events) => Chunk.unsafeLast(events).data)
