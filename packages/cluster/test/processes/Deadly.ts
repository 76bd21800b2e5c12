/** A file system that kills its process at the commit of an operation, as if the machine had failed there. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { rmSync } from "node:fs"
import { basename } from "node:path"

export interface DeadlyOptions {
  /** `committing`: the result is recorded, but the journal is there. `committed`: the journal is gone, and nobody knows. */
  readonly at: "committing" | "committed"
  /** A file: the first process that removes it dies. */
  readonly once: string
}

export const layer = (
  { at, once }: DeadlyOptions
): Layer.Layer<FileSystem.FileSystem, never, FileSystem.FileSystem> => {
  const die = Effect.sync(() => {
    try {
      rmSync(once)
    } catch {
      return
    }
    process.kill(process.pid, "SIGKILL")
  })
  return Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs): FileSystem.FileSystem => ({
      ...fs,
      rename: (from, to) => {
        const isCommit = basename(from) === "journal" && basename(to) === "done"
        if (!isCommit) return fs.rename(from, to)
        return at === "committing"
          ? Effect.zipRight(die, fs.rename(from, to))
          : Effect.zipLeft(fs.rename(from, to), die)
      }
    }))
  )
}
