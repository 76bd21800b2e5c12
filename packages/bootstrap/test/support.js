// @ts-check
import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"
import { makeProgress } from "../src/progress.js"

/** @returns {string} a directory that is removed after the test */
export const makeDirectory = () => {
  const directory = mkdtempSync(join(tmpdir(), "darb-test-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/**
 * @param {string} path
 * @param {string} script
 * @returns {string} path
 */
export const writeScript = (path, script) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

/** @typedef {ReturnType<typeof makeMachine>} Machine */

/** A machine on which nothing is installed. */
export const makeMachine = () => {
  const directory = makeDirectory()
  const bin = join(directory, "bin")
  const cache = join(directory, "cache")
  /** @type {Array<string>} */
  const output = []
  return {
    bin,
    cache,
    /** @type {NodeJS.ProcessEnv} */
    env: { DARB_CACHE_DIR: cache, HOME: directory, PATH: bin },
    limits: { stall: 5_000, version: 5_000 },
    output,
    platform: "linux-x64",
    progress: makeProgress({ write: (text) => output.push(text) })
  }
}

/**
 * @param {ReadonlyArray<string>} names of executables, which all say that they are pixi 9.9.9
 * @returns {Buffer} a .tar.gz
 */
export const makeArchive = (names) => {
  const directory = mkdtempSync(join(tmpdir(), "darb-test-"))
  for (const name of names) writeScript(join(directory, name), "echo pixi 9.9.9")
  const archive = execFileSync("tar", ["-czf", "-", ...names], { cwd: directory })
  rmSync(directory, { recursive: true })
  return archive
}

/**
 * @param {import("node:http").RequestListener} listener
 * @returns {Promise<string>} its address
 */
export const serve = async (listener) => {
  const server = createServer(listener)
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return `http://127.0.0.1:${address.port}`
}

/**
 * An address at which nothing answers any more.
 *
 * @returns {Promise<string>}
 */
export const refusing = async () => {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === "string") throw new Error("no port")
  return `http://127.0.0.1:${address.port}`
}

/**
 * What a promise fails with.
 *
 * @param {Promise<unknown>} promise
 * @returns {Promise<Error>}
 */
export const failureOf = (promise) =>
  promise.then(() => {
    throw new Error("it did not fail")
  }, (error) => error)
