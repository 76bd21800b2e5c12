/**
 * Reads progress from the output of uv. Pure.
 *
 * Without a terminal uv prints a line when it has solved, one when everything is downloaded, and two for each download of about
 * 1 MiB or more.
 *
 * @module
 * @since 0.1.0
 */
import type { Step } from "@darb/package-manager/driver/executable/ExecutableDescription"

/**
 * Whether a command changes the prefix.
 *
 * @since 0.1.0
 * @category predicates
 */
export const installs = ([name = "", ...args]: ReadonlyArray<string>): boolean =>
  ["add", "remove", "sync"].includes(name) && !args.includes("--no-sync")

const units: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4
}

/**
 * The progress that a line reports, if it reports any. uv rounds sizes to a tenth of their unit.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (line: string): Step | undefined => {
  const [, name, size, unit = ""] =
    /^Downloading (\S+)(?: \(download\))?(?: \((\d+(?:\.\d+)?)((?:[KMGT]i)?B)\))?\s*$/.exec(line) ?? []
  if (name !== undefined) {
    const bytes = size === undefined ? null : Math.round(Number(size) * (units[unit] ?? 1))
    return { phase: "downloading", package: name, bytes }
  }
  const [, downloaded] = /^ Downloaded (\S+)\s*$/.exec(line) ?? []
  if (downloaded !== undefined) return { phase: "downloading", package: downloaded, bytes: null, complete: true }
  const [, verb] = /^(Resolved|Prepared) (?:\d+ packages? )?in [\d.]+(?:ms|s|m \d+s)\s*$/.exec(line) ?? []
  return verb === undefined
    ? undefined
    : { phase: verb === "Resolved" ? "downloading" : "linking", package: null, bytes: null }
}
