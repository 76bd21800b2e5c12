// @ts-check
/** Takes the executable out of the archive of a release. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { gunzip } from "node:zlib"
import { run } from "./process.js"

/** @typedef {import("./context.js").Context} Context */

const blockSize = 512

/**
 * The content of the only file in a tar archive.
 *
 * @param {Buffer} tar
 * @returns {Buffer}
 */
export const onlyFile = (tar) => {
  /** @type {Array<Buffer>} */
  const files = []
  let offset = 0
  // A block of zeros ends the archive.
  while (offset + blockSize <= tar.length && tar[offset] !== 0) {
    const size = parseInt(tar.toString("latin1", offset + 124, offset + 136), 8)
    const type = tar.toString("latin1", offset + 156, offset + 157)
    const content = tar.subarray(offset + blockSize, offset + blockSize + size)
    if (content.length !== size) throw new Error("the archive is truncated")
    if (type === "0" || type === "\0") files.push(content)
    offset += blockSize + Math.ceil(size / blockSize) * blockSize
  }
  const [file] = files
  if (file === undefined || files.length > 1) throw new Error(`the archive holds ${files.length} files, not one`)
  return file
}

/**
 * Uses the tar of Windows, which reads zip archives. Another tar can come before it on PATH.
 *
 * @param {Buffer} zip
 * @param {string} name
 * @param {Context} context
 * @returns {Promise<Buffer>}
 */
const unzip = async (zip, name, context) => {
  const directory = await mkdtemp(join(tmpdir(), "darb-"))
  try {
    await writeFile(join(directory, "archive.zip"), zip)
    const tar = join(context.env.SystemRoot ?? "C:\\Windows", "System32", "tar.exe")
    await run(tar, ["-xf", "archive.zip"], { context, cwd: directory })
    return await readFile(join(directory, name))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * The executable in the archive of a release.
 *
 * @param {Buffer} archive
 * @param {string} name of the archive
 * @param {Context} context
 * @returns {Promise<Buffer>}
 */
export const unpack = async (archive, name, context) =>
  name.endsWith(".zip") ? unzip(archive, "pixi.exe", context) : onlyFile(await promisify(gunzip)(archive))
