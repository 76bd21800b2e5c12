import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

/** The document, without keys that the schema does not know. */
const decoded = (text: string, fileName: PixiManifest.FileName = "pixi.toml") => {
  const source = { bytes: new TextEncoder().encode(text), fileName }
  const document = Effect.runSync(PixiManifest.document(source, { onExcessProperty: "error" }))
  // Without prototypes and `undefined`, to compare it with literals.
  return JSON.parse(JSON.stringify(document)) as typeof document
}

const head = "[workspace]\nchannels = []\n"
const building = `${head}preview = ["pixi-build"]\n`

describe("a document of pixi", () => {
  it("has the workspace", () => {
    const { name, workspace } = decoded(`[workspace]
name = "w"
version = "1.10"
description = "d"
authors = ["A <a@b>"]
channels = ["conda-forge", { channel = "https://x.org/c", priority = -1, exclude-newer = "7d" }]
platforms = ["linux-64", { name = "gpu", platform = "linux-64", cuda = { driver = "12.0", arch = "8.6" } }, { platform = "osx-64", macos = "14", "__x" = "1=b" }]
channel-priority = "disabled"
solve-strategy = "lowest"
license = "MIT OR Apache-2.0"
homepage = "https://x.org"
requires-pixi = ">=0.40"
exclude-newer = "2024-02-29"
preview = ["pixi-build"]
conda-pypi-map = { conda-forge = "map.json", other = false, third = { mapping = { a = ["b", "c"], d = false }, mapping-mode = "replace" } }
build-variants = { python = ["3.11.*"] }
build-variants-files = []
[workspace.s3-options.bucket]
endpoint-url = "https://s3.org"
region = "r"
force-path-style = true
[workspace.target.unix.build-variants]
c = ["gcc"]
[workspace.dependencies]
numpy = ">=2"
[workspace.pypi-options]
index-url = "https://pypi.org/simple"
find-links = [{ path = "l" }, { url = "https://l.org" }]
no-build = ["a"]
no-build-isolation = true
`)
    assert.strictEqual(name, "w")
    assert.deepStrictEqual(workspace, {
      name: "w",
      version: "1.10",
      description: "d",
      authors: ["A <a@b>"],
      channels: [{ channel: "conda-forge" }, { channel: "https://x.org/c", priority: -1, excludeNewer: "7d" }],
      platforms: [
        { name: "linux-64", subdir: "linux-64", virtualPackages: {} },
        { name: "gpu", subdir: "linux-64", virtualPackages: { __cuda: "12.0", __cuda_arch: "8.6" } },
        { name: "osx-64-macos-14-x-1-b", subdir: "osx-64", virtualPackages: { __osx: "14", __x: "1=b" } }
      ],
      channelPriority: "disabled",
      solveStrategy: "lowest",
      license: "MIT OR Apache-2.0",
      homepage: "https://x.org",
      requiresPixi: ">=0.40",
      excludeNewer: "2024-02-29",
      preview: ["pixi-build"],
      condaPypiMap: {
        "conda-forge": { enabled: true, location: "map.json" },
        other: { enabled: false },
        third: { enabled: true, mapping: { a: ["b", "c"], d: [] }, mappingMode: "replace" }
      },
      buildVariants: { python: ["3.11.*"] },
      buildVariantsFiles: [],
      s3Options: { bucket: { endpointUrl: "https://s3.org", region: "r", forcePathStyle: true } },
      target: { unix: { buildVariants: { c: ["gcc"] } } },
      dependencies: { numpy: { version: ">=2" } },
      pypiOptions: {
        indexUrl: "https://pypi.org/simple",
        findLinks: [{ path: "l" }, { url: "https://l.org" }],
        noBuild: ["a"],
        noBuildIsolation: true
      }
    })
  })

  it("has conda packages in all forms", () => {
    const { defaultFeature } = decoded(`${building}[dependencies]
a = "1.10"
b = { version = ">=1", build = "py*", build-number = ">=1", channel = "c", subdir = "noarch", file-name = "f.conda", license = "MIT" }
c = { git = "https://x.org/c", branch = "main", subdirectory = "d", lfs = true }
d = { path = "../d" }
e = { url = "https://x.org/e.conda", sha256 = "${"0".repeat(64)}", md5 = "${"A".repeat(32)}" }
f = { version = "*", extras = ["x"], flags = ["cuda"], track-features = ["t"], when = { any = ["python >=3", { package = "g", version = "1.*" }] } }
g = { path = "g", package = { build = { backend = { name = "pixi-build-cmake", version = "*" } } } }
[constraints]
h = "<2"
[dev]
i = { path = "." }
`)
    assert.deepStrictEqual(defaultFeature.dependencies, {
      a: { version: "1.10" },
      b: {
        ...{ version: ">=1", build: "py*", buildNumber: ">=1", channel: "c", subdir: "noarch", fileName: "f.conda" },
        license: "MIT"
      },
      c: { git: "https://x.org/c", branch: "main", subdirectory: "d", lfs: true },
      d: { path: "../d" },
      e: { url: "https://x.org/e.conda", sha256: "0".repeat(64), md5: "A".repeat(32) },
      f: {
        version: "*",
        extras: ["x"],
        flags: ["cuda"],
        trackFeatures: ["t"],
        when: {
          _tag: "Any",
          any: [{ _tag: "MatchSpec", spec: "python >=3" }, { _tag: "Package", package: "g", spec: { version: "1.*" } }]
        }
      },
      g: { path: "g", package: { build: { backend: { name: "pixi-build-cmake", version: "*" } } } }
    })
    assert.deepStrictEqual(defaultFeature.constraints, { h: { version: "<2" } })
    assert.deepStrictEqual(defaultFeature.dev, { i: { path: "." } })
  })

  it("has Python packages in all forms", () => {
    const { defaultFeature } = decoded(`${head}[pypi-dependencies]
a = "*"
b = { version = ">=1", extras = ["x"], index = "https://i.org" }
c = { git = "https://x.org/c", tag = "v1", subdirectory = "s", extras = ["y"] }
d = { path = ".", editable = true }
e = { url = "https://x.org/e.whl" }
`)
    assert.deepStrictEqual(defaultFeature.pypiDependencies, {
      a: [{ version: "*" }],
      b: [{ version: ">=1", extras: ["x"], index: "https://i.org" }],
      c: [{ git: "https://x.org/c", tag: "v1", subdirectory: "s", extras: ["y"] }],
      d: [{ path: ".", editable: true }],
      e: [{ url: "https://x.org/e.whl" }]
    })
  })

  it("has tasks in all forms", () => {
    const { defaultFeature } = decoded(`${head}[tasks]
a = "echo a"
b = [{ task = "a", args = ["x", { y = "z" }], environment = "e" }]
c = { cmd = ["x", "y"], depends-on = "a", cwd = "d", env = { A = "1" }, clean-env = true, description = "t" }
d = { depends_on = ["a", { task = "c" }] }
e = { cmd = "x", args = ["p", { arg = "q", default = "1", choices = ["1", "2"] }], inputs = ["i"], outputs = ["o"], default-environment = "e" }
`)
    assert.deepStrictEqual(defaultFeature.tasks, {
      a: { command: "echo a" },
      b: { dependsOn: [{ task: "a", args: [{ value: "x" }, { name: "y", value: "z" }], environment: "e" }] },
      c: {
        command: ["x", "y"],
        dependsOn: [{ task: "a" }],
        cwd: "d",
        env: { A: "1" },
        cleanEnv: true,
        description: "t"
      },
      d: { dependsOn: [{ task: "a" }, { task: "c" }] },
      e: {
        command: "x",
        args: [{ name: "p" }, { name: "q", default: "1", choices: ["1", "2"] }],
        inputs: ["i"],
        outputs: ["o"],
        defaultEnvironment: "e"
      }
    })
  })

  it("has features, targets and environments", () => {
    const { defaultFeature, environments, features } = decoded(`${head}platforms = ["linux-64"]
[system-requirements]
libc = { family = "glibc", version = "2.30" }
cuda = "12"
[target.linux-64.activation]
scripts = ["a.sh"]
[feature.f]
channels = ["c"]
platforms = ["linux-64"]
system-requirements = { libc = "2.31" }
target.unix.dependencies = { a = "*" }
[environments]
x = ["f"]
y = { features = ["f"], solve-group = "s", no-default-feature = true }
z = { dependencies = { b = "*" }, tasks = { t = "u" } }
`)
    assert.deepStrictEqual(defaultFeature, {
      systemRequirements: { libc: { family: "glibc", version: "2.30" }, cuda: "12" },
      target: { "linux-64": { activation: { scripts: ["a.sh"] } } }
    })
    assert.deepStrictEqual(features, {
      f: {
        channels: [{ channel: "c" }],
        platforms: ["linux-64"],
        systemRequirements: { libc: { version: "2.31" } },
        target: { unix: { dependencies: { a: { version: "*" } } } }
      }
    })
    assert.deepStrictEqual(environments, {
      default: { features: [], noDefaultFeature: false },
      x: { features: ["f"], noDefaultFeature: false },
      y: { features: ["f"], noDefaultFeature: true, solveGroup: "s" },
      z: {
        features: [],
        noDefaultFeature: false,
        inline: { dependencies: { b: { version: "*" } }, tasks: { t: { command: "u" } } }
      }
    })
  })

  it("has the package, also without a workspace", () => {
    const text = `[package]
name = "p"
version = "1.0"
license = "MIT"
[package.build]
backend = { name = "pixi-build-python", version = "0.*", channels = ["c"] }
config = { deep = [{ x = 1 }] }
source = { git = "https://x.org/s", rev = "abc" }
[package.host-dependencies]
a = "*"
[package.run-dependencies]
b = { pin-compatible = { upper-bound = "x.x" } }
[package.run-dependencies."if(host_platform == 'linux-64')"]
c = "*"
[package.extra-dependencies.test]
d = "*"
[package.run-exports]
weak = { p = { pin-subpackage = true } }
`
    const { name, package: own, workspace } = decoded(text)
    assert.strictEqual(name, "p")
    assert.isUndefined(workspace)
    assert.deepStrictEqual(own, {
      name: "p",
      version: "1.0",
      license: "MIT",
      build: {
        backend: { name: "pixi-build-python", version: "0.*", channels: ["c"] },
        config: { deep: [{ x: 1 }] },
        source: { git: "https://x.org/s", rev: "abc" }
      },
      hostDependencies: { always: { a: { version: "*" } }, conditional: {} },
      runDependencies: {
        always: { b: { pinCompatible: { upperBound: "x.x" } } },
        conditional: { "host_platform == 'linux-64'": { c: { version: "*" } } }
      },
      extraDependencies: { test: { always: { d: { version: "*" } }, conditional: {} } },
      runExports: { weak: { always: { p: { pinSubpackage: {} } }, conditional: {} } }
    })
    decoded(`${building}${text.replace("version = \"1.0\"", "version = \"1.0\"\ndescription = \"d\"")}`)
  })

  it("has what pixi takes from the project of pyproject.toml", () => {
    const { defaultFeature, environments, features, name } = decoded(
      `[project]
name = "My.App"
version = "1.0"
requires-python = "==3.11"
dependencies = ["requests[socks]>=2,<3; python_version < '3.12'", "Flask", "x @ git+https://x.org/x@v1", "y @ https://x.org/y.whl"]
[project.optional-dependencies]
all = ["my-app[plot]", "z"]
plot = ["matplotlib ~=3.0"]
[dependency-groups]
test = ["pytest", { include-group = "lint" }]
lint = ["ruff"]
[tool.other]
x = 1
[tool.pixi.workspace]
channels = []
[tool.pixi.pypi-dependencies]
flask = ">=2"
[tool.pixi.feature.lint.tasks]
lint = "ruff"
[tool.pixi.environments]
all = ["all", "test"]
`,
      "pyproject.toml"
    )
    assert.strictEqual(name, "My.App")
    assert.deepStrictEqual(defaultFeature.dependencies, { python: { version: "3.11" } })
    assert.deepStrictEqual(defaultFeature.pypiDependencies, {
      flask: [{ version: ">=2" }, { version: "*" }],
      requests: [{ version: ">=2,<3", extras: ["socks"], envMarkers: "python_version < '3.12'" }],
      x: [{ git: "https://x.org/x", rev: "v1" }],
      y: [{ url: "https://x.org/y.whl" }]
    })
    assert.deepStrictEqual(features, {
      lint: { tasks: { lint: { command: "ruff" } }, pypiDependencies: { ruff: [{ version: "*" }] } },
      all: { pypiDependencies: { matplotlib: [{ version: "~=3.0" }], z: [{ version: "*" }] } },
      plot: { pypiDependencies: { matplotlib: [{ version: "~=3.0" }] } },
      test: { pypiDependencies: { pytest: [{ version: "*" }], ruff: [{ version: "*" }] } }
    })
    assert.deepStrictEqual(environments["all"], { features: ["all", "test"], noDefaultFeature: false })
  })

  it("has Python of any version where a project does not say", () => {
    const { defaultFeature } = decoded(
      "[project]\nname = \"x\"\n[tool.pixi.workspace]\nchannels = []\n",
      "pyproject.toml"
    )
    assert.deepStrictEqual(defaultFeature.dependencies, { python: { version: "*" } })
  })
})
