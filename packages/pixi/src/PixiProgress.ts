/**
 * What pixi logs of its progress, when it is asked to. Pure.
 *
 * Without a terminal it says nothing by itself. Its log has no percentages: it says when an environment is solved, which
 * package is downloaded, and from 0.49 on when everything is installed.
 */
import type { Phase } from "@darb/package-manager/Output"
import * as Effect from "effect/Effect"
import * as PixiLock from "./lock/PixiLock.js"

/** The value of `RUST_LOG` that makes all versions log it, and nothing else that matters to a failure. */
export const logFilter = "pixi=info,pixi_core=info,rattler::package_cache=debug,rattler_cache=debug"

const logged = /^\s*(?:INFO|DEBUG|TRACE)\s/

/** Whether a line is there only because the log was asked for. */
export const isLogged = (line: string): boolean => logged.test(line)

export interface Progress {
  readonly phase: Phase
  /** `null` where the phase is not of one package. */
  readonly package: string | null
  /** The name of the file that is downloaded. */
  readonly archive: string | null
}

/** What a logged line says of the progress; most say nothing. */
export const parse = (line: string): Progress | undefined => {
  const [, archive, stem] = /\bdownloading \S*\/(([^/\s]+?)\.(?:conda|tar\.bz2)) to /.exec(line) ?? []
  if (archive !== undefined && stem !== undefined) {
    // NAME-VERSION-BUILD
    return { phase: "downloading", package: stem.replace(/(?:-[^-]+){2}$/, ""), archive }
  }
  return /\bresolved conda environment for environment '/.test(line)
    ? { phase: "linking", package: null, archive: null }
    : undefined
}

/** The bytes of the archives that a lock file names, by the names of their files: pixi writes it before it downloads. */
export const sizes = (lock: string): Effect.Effect<ReadonlyMap<string, number>> =>
  PixiLock.read(lock).pipe(
    Effect.map(({ packages }) =>
      new Map(packages.flatMap(({ location, size }) =>
        size === null ? [] : [[location.slice(location.lastIndexOf("/") + 1), size]]
      ))
    ),
    // It is half written, or was not there before.
    Effect.orElseSucceed(() =>
      new Map()
    )
  )
