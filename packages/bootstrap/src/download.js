// @ts-check
/** Downloads a file. */
import { reasonOf, Unavailable } from "./failure.js"

/** @typedef {import("./context.js").Context} Context */

const proxyVariables = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1)

/**
 * @param {number} received
 * @param {number} total 0 if it is not known
 */
const amount = (received, total) =>
  total === 0 ? `${megabytes(received)} MB` : `${megabytes(received)} of ${megabytes(total)} MB`

/**
 * @param {string} url
 * @param {Context} context
 * @param {(state: string) => void} at
 * @returns {Promise<Buffer>}
 */
export const download = async (url, { env, limits }, at) => {
  const abort = new AbortController()
  const stalled = setTimeout(() => abort.abort(new Error(`nothing came for ${limits.stall / 1000} s`)), limits.stall)
  try {
    // Otherwise fetch could unpack the archive before its hash is checked.
    const response = await fetch(url, { signal: abort.signal, headers: { "accept-encoding": "identity" } })
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`)
    const total = Number(response.headers.get("content-length"))
    /** @type {Array<Uint8Array>} */
    const chunks = []
    let received = 0
    for await (const chunk of response.body) {
      stalled.refresh()
      chunks.push(chunk)
      received += chunk.length
      at(amount(received, total))
    }
    return Buffer.concat(chunks)
  } catch (error) {
    const proxy = proxyVariables.find((name) => env[name])
    const note = proxy === undefined ? "" : ` (${proxy} is set, but Node's fetch does not use it by default)`
    throw new Unavailable(`${url} cannot be downloaded: ${reasonOf(error)}${note}`)
  } finally {
    clearTimeout(stalled)
    abort.abort()
  }
}
