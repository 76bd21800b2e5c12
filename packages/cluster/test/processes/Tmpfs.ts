/** A small file system at a directory. */
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const runMount = (size: number, directory: string) => {
  mkdirSync(directory, { recursive: true })
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory], { stdio: "pipe" })
}

/** Lazy: a process that has a file open there keeps the file system. */
const unmount = (directory: string) => void execFileSync("umount", ["--lazy", directory], { stdio: "pipe" })

/** It is unmounted when the scope closes. */
export const mount = (directory: string, size: number) =>
  Effect.acquireRelease(Effect.sync(() => runMount(size, directory)), () => Effect.sync(() => unmount(directory)))

/** Leaves no space, and returns the file that has it. */
export const fill = (directory: string): string => {
  const filler = join(directory, "filler")
  // Smaller and smaller parts.
  for (let size = 2 ** 20; size >= 1; size /= 2) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: "a" })
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error
    }
  }
  return filler
}

/** Whether this machine can mount one. */
export const isPossible = (() => {
  const directory = mkdtempSync(join(tmpdir(), "darb-mount-"))
  try {
    runMount(65_536, directory)
    unmount(directory)
    return true
  } catch {
    return false
  } finally {
    rmdirSync(directory)
  }
})()
