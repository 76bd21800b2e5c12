/** Serves a directory to many environments, and stalls or slows down what one of them asks for. */
import * as Effect from "effect/Effect"
import { readFile } from "node:fs"
import { createServer, type ServerResponse } from "node:http"
import { join, normalize } from "node:path"

/** How the requests of an environment are answered. */
export interface Service {
  /** Paths of which half of the bytes are sent, and then no more. */
  readonly stall?: RegExp | undefined
  /** Paths that are sent slowly. */
  readonly slow?: RegExp | undefined
  readonly onStall?: (() => void) | undefined
}

export interface Channel {
  /** Each environment has a path of its own. */
  readonly urlOf: (environment: string) => string
  readonly answer: (environment: string, service: Service) => void
}

export const serve = Effect.fn("Channel.serve")(function*(directory: string) {
  const services = new Map<string, Service>()

  const server = createServer((request, response) => {
    const [, environment = "", path = ""] = /^\/([^/]+)\/([^?]*)/.exec(request.url ?? "") ?? []
    const { onStall, slow, stall } = services.get(environment) ?? {}
    const isPage = path.endsWith("/") || path === ""
    readFile(join(directory, normalize(`/${path}${isPage ? "index.html" : ""}`)), (error, bytes) => {
      if (error !== null) return response.writeHead(404).end()
      response.writeHead(200, {
        "content-length": bytes.length,
        "content-type": isPage ? "text/html" : "application/octet-stream"
      })
      if (request.method === "HEAD") return response.end()
      if (stall?.test(path)) {
        response.write(bytes.subarray(0, bytes.length / 2))
        return onStall?.()
      }
      return slow?.test(path) ? sendSlowly(response, bytes) : response.end(bytes)
    })
  })
  yield* Effect.acquireRelease(
    Effect.async<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.async<void>((resume) => {
        server.closeAllConnections()
        server.close(() => resume(Effect.void))
      })
  )
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0

  const channel: Channel = {
    urlOf: (environment) => `http://127.0.0.1:${port}/${environment}`,
    answer: (environment, service) => services.set(environment, service)
  }
  return channel
})

/** Sends twenty parts, 15 milliseconds apart. */
const sendSlowly = (response: ServerResponse, bytes: Buffer): void => {
  const part = Math.ceil(bytes.length / 20)
  const sendFrom = (start: number): void => {
    if (start >= bytes.length || response.destroyed) return void response.end()
    response.write(bytes.subarray(start, start + part))
    setTimeout(sendFrom, 15, start + part)
  }
  sendFrom(0)
}
