/**
 * What pixi logs of its progress, when it is asked to. Pure.
 *
 * Without a terminal it says nothing by itself. Its log has no percentages: it says when an environment is solved, which
 * package is downloaded, and from 0.49 on when everything is installed.
 */
import type { Phase } from "./Output.js"

/** The value of `RUST_LOG` that makes all versions log it, and nothing else that matters to a failure. */
export const logFilter = "pixi=info,pixi_core=info,rattler::package_cache=debug,rattler_cache=debug"

const logged = /^\s*(?:INFO|DEBUG|TRACE)\s/

/** Whether a line is there only because the log was asked for. */
export const isLogged = (line: string): boolean => logged.test(line)

/** What a logged line says of the progress; most say nothing. */
export const parse = (line: string): { readonly phase: Phase; readonly package: string | null } | undefined => {
  const archive = /\bdownloading \S*\/([^/\s]+?)\.(?:conda|tar\.bz2) to /.exec(line)?.[1]
  // NAME-VERSION-BUILD
  if (archive !== undefined) return { phase: "downloading", package: archive.replace(/(?:-[^-]+){2}$/, "") }
  return /\bresolved conda environment for environment '/.test(line) ? { phase: "linking", package: null } : undefined
}

/** What pixi printed without what was logged. */
export const withoutLog = (stderr: string): string => stderr.split("\n").filter((line) => !isLogged(line)).join("\n")
