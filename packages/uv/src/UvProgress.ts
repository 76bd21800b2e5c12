/**
 * What uv says of its progress. Pure.
 *
 * Without a terminal it says a line when everything is solved, and one for each file of about 1 MiB or more that it
 * downloads; smaller ones it does not name.
 */
import type { Phase } from "@darb/package-manager/Output"

export interface Progress {
  readonly phase: Phase
  /** `null` where the phase is not of one package. */
  readonly package: string | null
  /** The size of the download, which uv rounds to a tenth of its unit; `null` where it does not say it. */
  readonly bytes: number | null
}

const units: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4
}

/** What a line of standard error says of the progress; most say nothing. */
export const parse = (line: string): Progress | undefined => {
  const [, name, size, unit = ""] =
    /^Downloading (\S+)(?: \(download\))?(?: \((\d+(?:\.\d+)?)((?:[KMGT]i)?B)\))?\s*$/.exec(line) ?? []
  if (name !== undefined) {
    const bytes = size === undefined ? null : Math.round(Number(size) * (units[unit] ?? 1))
    return { phase: "downloading", package: name, bytes }
  }
  return /^Resolved (?:\d+ packages? )?in [\d.]+(?:ms|s|m \d+s)\s*$/.test(line)
    ? { phase: "linking", package: null, bytes: null }
    : undefined
}
