/** Serves packages over HTTP, and holds downloads back. */
import * as Effect from "effect/Effect"
import { readFile } from "node:fs"
import { createServer } from "node:http"
import { join, normalize } from "node:path"

export interface Packages {
  readonly url: string
  /** The next request of such a path gets half of the bytes, and then no more. */
  readonly stallNext: (path: RegExp) => void
  /** Whether it was made. */
  readonly isStalled: () => boolean
}

export const serve = (directory: string) =>
  Effect.gen(function*() {
    let stall: RegExp | undefined
    let isStalled = false
    const server = createServer((request, response) => {
      const path = (request.url ?? "").replace(/\?.*/, "")
      readFile(
        join(directory, normalize(decodeURIComponent(path)), path.endsWith("/") ? "index.html" : ""),
        (error, bytes) => {
          if (error !== null) return response.writeHead(404).end()
          response.writeHead(200, {
            "content-length": bytes.length,
            "content-type": path.endsWith("/") ? "text/html" : "application/octet-stream"
          })
          if (request.method === "HEAD") return response.end()
          if (stall === undefined || !stall.test(path)) return response.end(bytes)
          stall = undefined
          isStalled = true
          return response.write(bytes.subarray(0, bytes.length / 2))
        }
      )
    })
    yield* Effect.acquireRelease(
      Effect.async<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
      () =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    )
    const address = server.address()
    const packages: Packages = {
      url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
      stallNext: (path) => {
        stall = path
      },
      isStalled: () => isStalled
    }
    return packages
  })
