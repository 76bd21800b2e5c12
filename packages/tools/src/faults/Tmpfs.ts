/** Small file systems that can be filled and made read-only. */
import { execFileSync } from "node:child_process"
import { closeSync, mkdirSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"

export interface Tmpfs {
  readonly directory: string
  /** Leaves no more space than this many bytes. */
  readonly fill: (bytes: number) => void
  readonly free: () => void
  /** `false` if someone is writing there. */
  readonly remount: (readOnly: boolean) => boolean
  readonly unmount: () => void
}

/** Mounts a file system of this many bytes at a new directory. It is unmounted when this process exits. */
export const mount = (directory: string, size: number): Tmpfs => {
  mkdirSync(directory, { recursive: true })
  runMount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory)
  mounted.add(directory)
  const filler = join(directory, "filler")

  return {
    directory,
    fill: (bytes) => {
      const reserve = join(directory, "reserve")
      if (bytes > 0) write(reserve, bytes)
      write(filler, size)
      rmSync(reserve, { force: true })
    },
    free: () => rmSync(filler, { force: true }),
    remount: (readOnly) => {
      try {
        runMount("-o", `remount,${readOnly ? "ro" : "rw"}`, directory)
        return true
      } catch {
        return false
      }
    },
    unmount: () => unmount(directory)
  }
}

/** Why this machine cannot mount one; `undefined` if it can. */
export const whyNot = (directory: string): string | undefined => {
  try {
    mount(directory, 65_536).unmount()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error)
  }
}

const mounted = new Set<string>()

process.on("exit", () => {
  for (const directory of mounted) {
    try {
      unmount(directory)
    } catch {
      // It is already unmounted.
    }
  }
})

const runMount = (...args: ReadonlyArray<string>) => execFileSync("mount", args, { stdio: "pipe" })

const unmount = (directory: string): void => {
  // Lazy: a process that has a file open there keeps the file system.
  execFileSync("umount", ["--lazy", directory], { stdio: "pipe" })
  mounted.delete(directory)
  rmdirSync(directory)
}

/** Writes as many of the bytes as there is space for. */
const write = (file: string, size: number): void => {
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
