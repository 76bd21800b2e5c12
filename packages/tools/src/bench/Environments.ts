/** Generated environments like those that pixi and uv install, of any number of packages. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { forge, hex, nameOf, random } from "./Fixtures.js"

interface Linked {
  readonly name: string
  readonly version: string
  readonly build: string
  readonly url: string
}

const packages = (count: number): ReadonlyArray<Linked> => {
  const next = random(11)
  return Array.from({ length: count }, (_, index) => {
    const at = index + 1
    const [name, version, build] = [nameOf(at), `1.${at % 30}.10`, `h${hex(next, 7)}_${at % 3}`]
    return { name, version, build, url: `${forge}/linux-64/${name}-${version}-${build}.conda` }
  })
}

const write = (directory: string, files: Readonly<Record<string, string>>) => {
  mkdirSync(directory, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
}

/** The records of linked packages, of about 25 KB each. */
export const condaMeta = (directory: string, count: number): void => {
  const next = random(12)
  const records = packages(count).map(({ build, name, url, version }, at) => {
    const files = Array.from(
      { length: 40 + Math.floor(next() * 120) },
      (_, file) => `lib/python3.12/site-packages/${name}/part_${file % 17}/module_${file}.py`
    )
    const source = `/home/user/.cache/rattler/cache/pkgs/${name}-${version}-${build}`
    const record = {
      build,
      build_number: at % 3,
      constrains: at % 4 === 0 ? ["zlib-ng ==99999999"] : undefined,
      depends: Array.from({ length: 1 + Math.floor(next() * 10) }, (_, to) => `${nameOf(at + to)} >=1.2,<2.0a0`),
      license: "BSD-3-Clause",
      md5: hex(next, 32),
      name,
      sha256: hex(next, 64),
      size: 1000 + at,
      subdir: "linux-64",
      timestamp: 1700000000000 + at,
      version,
      fn: `${name}-${version}-${build}.conda`,
      url,
      channel: `${forge}/`,
      extracted_package_dir: source,
      files,
      paths_data: {
        paths_version: 1,
        paths: files.map((file) => ({
          _path: file,
          path_type: "hardlink",
          sha256: hex(next, 64),
          size_in_bytes: 1234
        }))
      },
      link: { source, type: 1 },
      requested_specs: []
    }
    return [`${name}-${version}-${build}.json`, JSON.stringify(record, null, 2)] as const
  })
  write(directory, Object.fromEntries(records))
}

/** An environment of pixi that matches its lock file. */
export const pixi = (directory: string, count: number): void => {
  const all = packages(count)
  const next = random(13)
  write(directory, {
    "pixi.toml": `[workspace]
name = "bench"
channels = ["conda-forge"]
platforms = ["linux-64"]

[dependencies]
${all.slice(0, 20).map(({ name }) => `${name} = ">=1"\n`).join("")}`,
    "pixi.lock": `version: 6
environments:
  default:
    channels:
    - url: ${forge}/
    packages:
      linux-64:
${all.map(({ url }) => `      - conda: ${url}\n`).join("")}packages:
${
      all.map(({ url }, at) =>
        `- conda: ${url}
  sha256: ${hex(next, 64)}
  md5: ${hex(next, 32)}
  depends:
  - ${nameOf(at + 1)} >=1.2,<2.0a0
  - ${nameOf(at + 2)} >=1.2,<2.0a0
  license: BSD-3-Clause
  size: ${1000 + at}
  timestamp: ${1700000000000 + at}
`
      ).join("")
    }`
  })
  condaMeta(join(directory, ".pixi", "envs", "default", "conda-meta"), count)
}

/** A pixi that does nothing, but answers at once with a list of that many packages. */
export const fakePixi = (directory: string, count: number): string => {
  const items = packages(count).map(({ build, name, version }, at) => ({
    name,
    version,
    build,
    build_number: at % 3,
    size_bytes: 1000 + at,
    kind: "conda",
    source: `${forge}/`,
    license: "BSD-3-Clause",
    is_explicit: at < 20,
    platform: "linux-64",
    timestamp: 1700000000000 + at
  }))
  const file = join(directory, "pixi")
  write(directory, {
    "list.json": JSON.stringify(items, null, 2),
    pixi: `#!/bin/sh
case "$1" in
--version) echo "pixi 0.77.0" ;;
list) exec cat "${directory}/list.json" ;;
esac
`
  })
  chmodSync(file, 0o755)
  return file
}

/** A virtual environment of that many packages. */
export const venv = (directory: string, count: number): void => {
  const next = random(17)
  write(join(directory, "bin"), { activate: `VIRTUAL_ENV='${directory}'\nexport VIRTUAL_ENV\n` })
  symlinkSync(process.execPath, join(directory, "bin", "python"))
  write(directory, { "pyvenv.cfg": "home = /usr/bin\nimplementation = CPython\nversion_info = 3.12.4\n" })
  for (const { name, version } of packages(count)) {
    const python = name.replaceAll("-", "_")
    write(join(directory, "lib", "python3.12", "site-packages", `${python}-${version}.dist-info`), {
      INSTALLER: "uv",
      REQUESTED: "",
      RECORD: Array.from({ length: 150 }, (_, at) => `${python}/module_${at}.py,sha256=${hex(next, 43)},1234\n`).join(
        ""
      ),
      WHEEL: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
      METADATA: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: A package\nLicense: MIT\n${
        Array.from({ length: 8 }, () => `Requires-Dist: ${nameOf(Math.floor(next() * count))}>=1.2\n`).join("")
      }\n${"A line of the description, which is as long as the lines of descriptions usually are.\n".repeat(60)}`
    })
  }
}
