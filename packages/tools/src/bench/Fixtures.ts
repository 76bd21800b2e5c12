/** Generated files like those that pixi and uv write, of any size. */

const words = ["numpy", "lib-core", "zstd", "python-dateutil", "aws-c-http", "r-base", "openssl", "qt6-main", "jupyter"]

export type Next = () => number

export const random = (seed: number): Next => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

export const hex = (next: Next, length: number): string =>
  Array.from({ length }, () => Math.floor(next() * 16).toString(16)).join("")

export const nameOf = (at: number): string => `${words[at % words.length]}${Math.floor(at / words.length)}`

export const forge = "https://conda.anaconda.org/conda-forge"

const conda = (next: Next, at: number, subdir: string) => {
  const location = `${forge}/${subdir}/${nameOf(at)}-1.${at % 30}.10-h${hex(next, 7)}_${at % 3}.conda`
  const depends = Array.from(
    { length: 1 + Math.floor(next() * 10) },
    () => `  - ${nameOf(Math.floor(next() ** 3 * at))} >=1.${Math.floor(next() * 3)},<2.0a0\n`
  )
  return {
    location: `conda: ${location}`,
    text: `- conda: ${location}
  sha256: ${hex(next, 64)}
  md5: ${hex(next, 32)}
  depends:
${depends.join("")}${at % 4 === 0 ? "  constrains:\n  - zlib-ng ==99999999\n" : ""}  license: BSD-3-Clause
  license_family: BSD
${at % 2 === 0 ? `  purls:\n  - pkg:pypi/${nameOf(at)}?source=hash-mapping\n` : "  purls: []\n"}  run_exports: {}
  size: ${1000 + at * 17}
  timestamp: ${1700000000000 + at}
`
  }
}

const wheelOf = (next: Next, at: number): string => {
  const hash = hex(next, 60)
  return `https://files.pythonhosted.org/packages/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash.slice(4)}/` +
    `py_${nameOf(at).replaceAll("-", "_")}-2.${at % 20}.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`
}

const pypi = (next: Next, at: number) => {
  const location = wheelOf(next, at)
  const requires = Array.from(
    { length: Math.floor(next() * 12) },
    (_, extra) =>
      `  - ${nameOf(Math.floor(next() ** 3 * at))}>=2.${Math.floor(next() * 3)}${
        extra % 2 === 0 ? "" : " ; extra == 'all'"
      }\n`
  )
  return {
    location: `pypi: ${location}`,
    text: `- pypi: ${location}
  name: py-${nameOf(at)}
  version: 2.${at % 20}.0
  sha256: ${hex(next, 64)}
${requires.length === 0 ? "" : `  requires_dist:\n${requires.join("")}`}  requires_python: '>=3.9'
`
  }
}

/** A `pixi.lock` of format 7, of about that many bytes: two environments on three platforms. */
export const pixiLock = (size: number): string => {
  const next = random(7)
  const platforms = ["linux-64", "osx-arm64", "win-64"]
  const packages: Array<string> = []
  const references = platforms.map((): Array<string> => [])
  for (let at = 1, bytes = 0; bytes < size; at++) {
    const platform = at % platforms.length
    const isEverywhere = at % 5 < 2
    const found = at % 5 === 0 ? pypi(next, at) : conda(next, at, isEverywhere ? "noarch" : platforms[platform] ?? "")
    packages.push(found.text)
    references.forEach((list, index) => {
      if (isEverywhere || index === platform) list.push(`      - ${found.location}\n`)
    })
    bytes += found.text.length + (found.location.length + 9) * (isEverywhere ? 6 : 2)
  }
  const places = platforms.map((platform, index) => `      ${platform}:\n${references[index]?.join("")}`).join("")
  const environment = `    channels:
    - url: ${forge}/
    indexes:
    - https://pypi.org/simple
    options:
      pypi-prerelease-mode: if-necessary-or-explicit
    packages:
${places}`
  return `version: 7
platforms:
${platforms.map((platform) => `- name: ${platform}\n`).join("")}environments:
  default:
${environment}  test:
${environment}packages:
${packages.join("")}`
}

/** A `uv.lock` of about that many bytes. */
export const uvLock = (size: number): string => {
  const next = random(17)
  const packages: Array<string> = []
  for (let at = 0, bytes = 0; bytes < size; at++) {
    const names = Array.from({ length: Math.floor(next() * 8) }, () => nameOf(Math.floor(next() ** 3 * at)))
    const dependencies = [...new Set(names)].map((name, index) =>
      `    { name = "${name}"${index % 3 === 0 ? ", marker = \"sys_platform == 'win32'\"" : ""} },\n`
    )
    const archive = (url: string) =>
      `{ url = "${url}", hash = "sha256:${hex(next, 64)}", size = ${10_000 + at * 17}, ` +
      `upload-time = "2025-0${1 + (at % 9)}-11T08:30:00.123Z" }`
    const wheels = Array.from(
      { length: 1 + Math.floor(next() * 20) },
      () => `    ${archive(wheelOf(next, at))},\n`
    )
    const text = `
[[package]]
name = "${nameOf(at)}"
version = "2.${at % 20}.0"
source = { registry = "https://pypi.org/simple" }
${dependencies.length === 0 ? "" : `dependencies = [\n${dependencies.join("")}]\n`}sdist = ${
      archive(wheelOf(next, at).replace(/-cp312.*/, ".tar.gz"))
    }
wheels = [
${wheels.join("")}]
`
    packages.push(text)
    bytes += text.length
  }
  return `version = 1
revision = 3
requires-python = ">=3.12"
resolution-markers = [
    "sys_platform == 'win32'",
    "sys_platform != 'win32'",
]
${packages.join("")}`
}

/** A manifest with that many dependencies. */
const manifest = (at: number, dependencies: number): string => {
  const lines = Array.from(
    { length: dependencies },
    (_, index) =>
      `${nameOf(at * 40 + index)} = ${
        index % 5 === 0 ? "{ version = \">=1.2\", channel = \"conda-forge\" }" : "\">=1.2,<2\""
      }\n`
  )
  return `[workspace]
name = "project-${at}"
channels = ["conda-forge"]
platforms = ["linux-64", "osx-arm64", "win-64"]
version = "0.1.0"

[tasks]
build = "cmake --build build"
test = { cmd = "pytest tests", depends-on = ["build"] }

[dependencies]
${lines.join("")}
[feature.test.dependencies]
pytest = "*"

[target.linux-64.dependencies]
gcc = ">=12"

[environments]
test = { features = ["test"], solve-group = "default" }
`
}

/** Manifests of 5 to 35 dependencies. */
export const manifests = (count: number): ReadonlyArray<string> => {
  const next = random(13)
  return Array.from({ length: count }, (_, at) => manifest(at, 5 + Math.floor(next() * 30)))
}

/** A manifest of about that many bytes. */
export const largeManifest = (size: number): string => manifest(0, Math.ceil(size / 31))

/** A manifest without dependencies, for any machine. */
export const smallManifest = `[workspace]
name = "small"
channels = ["conda-forge"]
platforms = ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]
`

export const emptyPixiLock = "version: 6\nenvironments:\n  default:\n    channels: []\n    packages: {}\npackages: []\n"
