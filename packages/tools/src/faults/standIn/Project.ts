/** What the stand-in knows of manifests, packages and lock files. */
import { fail } from "./Phases.js"

export type Dependencies = ReadonlyMap<string, string>

const versions: Readonly<Record<string, ReadonlyArray<string>>> = {
  app: ["1.0", "2.0"],
  bulky: ["1.0"],
  greet: ["1.0", "1.1", "2.0"],
  libleaf: ["0.1.0", "0.2.0"],
  native: ["1.0"],
  python: ["3.11.9", "3.12.4"]
}

export const newest = (name: string): string => versions[name]?.at(-1) ?? "0"

/** The text of a new manifest. */
export const manifestOf = (
  name: string,
  channels: ReadonlyArray<string>,
  platforms: ReadonlyArray<string>
): string => {
  const array = (items: ReadonlyArray<string>) => `[${items.map((item) => JSON.stringify(item)).join(", ")}]`
  return [
    "[workspace]",
    `channels = ${array(channels)}`,
    `name = ${JSON.stringify(name)}`,
    `platforms = ${array(platforms)}`,
    "version = \"0.1.0\"",
    "",
    "[tasks]",
    "",
    "[dependencies]",
    ""
  ].join("\n")
}

export const dependenciesIn = (manifest: string): Map<string, string> => {
  const table = /^\[dependencies\]\n([^[]*)/m.exec(manifest)?.[1] ?? ""
  return new Map([...table.matchAll(/^(\S+) = "(.*)"$/gm)].map(([, name = "", spec = ""]) => [name, spec]))
}

export const withDependencies = (manifest: string, dependencies: Dependencies): string =>
  manifest.replace(
    /^\[dependencies\]\n[^[]*/m,
    () => `[dependencies]\n${[...dependencies].map(([name, spec]) => `${name} = "${spec}"\n`).join("")}`
  )

/** Names and versions, by name. */
export const solved = (dependencies: Dependencies): ReadonlyArray<readonly [string, string]> => {
  const found = new Map([...dependencies].map(([name, spec]) => [name, chosen(name, spec)]))
  if (found.has("app")) {
    for (const name of ["greet", "libleaf"]) if (!found.has(name)) found.set(name, chosen(name, "*"))
  }
  return [...found].sort(([a], [b]) => a < b ? -1 : 1)
}

const chosen = (name: string, spec: string): string => {
  const [, exact] = /^==(.*)$/.exec(spec) ?? []
  const all = versions[name] ?? []
  return all.length === 0 || (exact !== undefined && !all.includes(exact))
    ? fail(`Cannot solve the request because of: No candidates were found for ${name} ${spec}.`)
    : exact ?? newest(name)
}

/** The text of a lock file. */
export const lockOf = (packages: ReadonlyArray<readonly [string, string]>): string => {
  const urls = packages.map(([name, version]) => `file:///c/noarch/${name}-${version}-0.conda`)
  return [
    "version: 4",
    "environments:",
    "  default:",
    "    channels:",
    "    - url: file:///c/",
    "    packages:",
    urls.length === 0 ? "      linux-64: []" : "      linux-64:",
    ...urls.map((url) => `      - conda: ${url}`),
    urls.length === 0 ? "packages: []" : "packages:",
    ...packages.flatMap(([name, version], index) => [
      "- kind: conda",
      `  name: ${name}`,
      `  version: '${version}'`,
      "  build: '0'",
      "  subdir: noarch",
      `  url: ${urls[index]}`
    ]),
    ""
  ].join("\n")
}

/** The packages of a lock file. */
export const packagesIn = (lock: string): ReadonlyArray<{ readonly name: string; readonly version: string }> =>
  [...lock.matchAll(/^ {2}name: (\S+)\n {2}version: '(.*)'$/gm)].map(([, name = "", version = ""]) => ({
    name,
    version
  }))
