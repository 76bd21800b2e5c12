/**
 * Reads progress from the log of pixi. Pure.
 *
 * Without a terminal pixi reports no progress. Its log names each solved environment and each download, without
 * percentages.
 *
 * @module
 * @since 0.1.0
 */
import type { Step } from "@darb/package-manager/driver/executable/ExecutableDescription"
import * as Effect from "effect/Effect"
import * as PixiLock from "./lock/PixiLock.js"

/**
 * The value of `RUST_LOG` that makes all versions log progress, but nothing that hides a failure.
 *
 * @since 0.1.0
 * @category values
 */
export const logFilter = "pixi=info,pixi_core=info,rattler::package_cache=debug,rattler_cache=debug"

const logged = /^\s*(?:INFO|DEBUG|TRACE)\s/

/**
 * Whether a line is printed only because of the filter.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isLogged = (line: string): boolean => logged.test(line)

/**
 * The progress that a line reports, if it reports any.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (line: string): Step | undefined => {
  if (!isLogged(line)) return undefined
  const [, archive, stem] = /\bdownloading \S*\/(([^/\s]+?)\.(?:conda|tar\.bz2)) to /.exec(line) ?? []
  if (archive !== undefined && stem !== undefined) {
    // NAME-VERSION-BUILD
    return { phase: "downloading", package: stem.replace(/(?:-[^-]+){2}$/, ""), archive, bytes: null }
  }
  return /\bresolved conda environment for environment '/.test(line)
    ? { phase: "downloading", package: null, archive: null, bytes: null }
    : undefined
}

/**
 * Whether a command changes the prefix.
 *
 * @since 0.1.0
 * @category predicates
 */
export const installs = ([name = "", ...args]: ReadonlyArray<string>): boolean =>
  ["add", "install", "remove"].includes(name) && !args.includes("--no-install")

/**
 * The sizes in bytes of the archives in a lock file, by file name. pixi writes the lock file before it downloads.
 *
 * @since 0.1.0
 * @category operations
 */
export const sizes = (lock: string): Effect.Effect<ReadonlyMap<string, number>> =>
  PixiLock.read(lock).pipe(
    Effect.map(({ packages }) =>
      new Map(packages.flatMap(({ location, size }) =>
        size === null ? [] : [[location.slice(location.lastIndexOf("/") + 1), size]]
      ))
    ),
    // The lock file is absent or incomplete.
    Effect.orElseSucceed(() =>
      new Map()
    )
  )
