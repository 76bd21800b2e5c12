// @ts-check
import { execFileSync } from "node:child_process"
import { closeSync, mkdirSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"

/** @type {Set<string>} */
const mounted = new Set()

/** @param {...string} args */
const mount = (...args) => execFileSync("mount", args, { stdio: "pipe" })

/** @param {string} directory */
const unmount = (directory) => {
  // What still has a file open there keeps it, unseen.
  execFileSync("umount", ["--lazy", directory], { stdio: "pipe" })
  mounted.delete(directory)
  rmdirSync(directory)
}

process.on("exit", () => {
  for (const directory of mounted) {
    try {
      unmount(directory)
    } catch {
      // It is gone.
    }
  }
})

/**
 * A small file system in a new directory.
 *
 * @param {string} directory
 * @param {number} size bytes
 */
export const mountTmpfs = (directory, size) => {
  mkdirSync(directory, { recursive: true })
  mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory)
  mounted.add(directory)
  const filler = join(directory, "filler")

  return {
    directory,
    /**
     * Leaves no more space than this.
     *
     * @param {number} bytes
     */
    fill: (bytes) => {
      const reserve = join(directory, "reserve")
      if (bytes > 0) write(reserve, bytes)
      write(filler, size)
      rmSync(reserve, { force: true })
    },
    free: () => rmSync(filler, { force: true }),
    /** @param {boolean} readOnly */
    remount: (readOnly) => {
      try {
        mount("-o", `remount,${readOnly ? "ro" : "rw"}`, directory)
        return true
      } catch {
        // Somebody is writing there.
        return false
      }
    },
    unmount: () => unmount(directory)
  }
}

/**
 * As much as there is space for.
 *
 * @param {string} file
 * @param {number} size
 */
const write = (file, size) => {
  const descriptor = openSync(file, "w")
  const block = Buffer.alloc(4096)
  try {
    for (let written = 0; written < size;) written += writeSync(descriptor, block)
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Why there can be no small file systems, if so.
 *
 * @param {string} directory
 * @returns {string | undefined}
 */
export const whyNoTmpfs = (directory) => {
  try {
    mountTmpfs(directory, 65_536).unmount()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error)
  }
}
