// @ts-check
import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import { join, normalize } from "node:path"

/**
 * How the requests of an environment are answered: those whose path matches are given one half of the bytes and then no
 * more, or all of them slowly.
 *
 * @typedef {object} Service
 * @property {RegExp} [stall]
 * @property {RegExp} [slow]
 * @property {() => void} [onStall]
 */

/**
 * Serves a directory to many environments, each below a path of its own.
 *
 * @param {string} directory
 */
export const serve = async (directory) => {
  /** @type {Map<string, Service>} */
  const services = new Map()

  const server = createServer(async (request, response) => {
    const [, environment = "", path = ""] = /^\/([^/]+)\/([^?]*)/.exec(request.url ?? "") ?? []
    const service = services.get(environment) ?? {}
    /** @type {Buffer} */
    let bytes
    const isPage = path.endsWith("/") || path === ""
    try {
      bytes = await readFile(join(directory, normalize(`/${path}${isPage ? "index.html" : ""}`)))
    } catch {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, {
      "content-length": bytes.length,
      "content-type": isPage ? "text/html" : "application/octet-stream"
    })
    if (request.method === "HEAD") {
      response.end()
    } else if (service.stall?.test(path)) {
      response.write(bytes.subarray(0, bytes.length / 2))
      service.onStall?.()
    } else if (service.slow?.test(path)) {
      const part = Math.ceil(bytes.length / 20)
      for (let start = 0; start < bytes.length && !response.destroyed; start += part) {
        response.write(bytes.subarray(start, start + part))
        await new Promise((resolve) => setTimeout(resolve, 15))
      }
      response.end()
    } else {
      response.end(bytes)
    }
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0

  return {
    /** @param {string} environment */
    urlOf: (environment) => `http://127.0.0.1:${port}/${environment}`,
    /**
     * @param {string} environment
     * @param {Service} service
     */
    answer: (environment, service) => services.set(environment, service),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    }
  }
}
