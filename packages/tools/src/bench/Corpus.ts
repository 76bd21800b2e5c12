/** Real files to measure: a directory with an `INDEX.tsv`, which names the kind and the verdict of each. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** The directory, if it is one with an index. */
export const directory = (given: string | undefined) =>
  given !== undefined && existsSync(join(given, "INDEX.tsv")) ? given : undefined

/** The valid files of a kind, the largest first. */
export const files = (directory: string | undefined, kind: string): ReadonlyArray<Buffer> => {
  if (directory === undefined) return []
  const [header = "", ...lines] = readFileSync(join(directory, "INDEX.tsv"), "utf8").split(/\r?\n/)
  const columns = header.split("\t")
  return lines.map((line) => line.split("\t"))
    .filter((cells) => cells[columns.indexOf("kind")] === kind && cells[columns.indexOf("expected")] === "valid")
    .map((cells) => readFileSync(join(directory, cells[columns.indexOf("file")] ?? "")))
    .sort((a, b) => b.length - a.length)
}
