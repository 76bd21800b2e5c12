/** How features and targets are merged, compared with what pixi says. */
import { describeEach } from "@darb/laws/LiveSuite"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Yaml from "js-yaml"
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as PixiDependency from "../../src/manifest/PixiDependency.js"
import type { CondaSpec } from "../../src/manifest/PixiFeature.js"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"
import * as PixiVersion from "../../src/PixiVersion.js"

const manifest = `[workspace]
name = "m"
channels = ["one", { channel = "last", priority = -1 }]
platforms = ["linux-64", "osx-arm64", "win-64"]

[dependencies]
python = ">=3.11"
numpy = "*"
gcc = { version = ">=12", build = "h*" }

[host-dependencies]
gcc = ">=13"

[pypi-dependencies]
requests = ">=2"
"My_Package" = { version = ">=1", extras = ["all"] }

[target.unix.dependencies]
numpy = ">=2"
bash = "*"

[target.linux-64.dependencies]
numpy = ">=2.1"

[target.linux.pypi-dependencies]
"My_Package" = ">=3"

[tasks]
test = "default"
only = "only"

[target.unix.tasks]
unix = "unix"

[activation]
scripts = ["default.sh"]
env = { A = "default", B = "default" }

[target.linux.activation]
env = { A = "linux" }

[feature.cuda]
channels = [{ channel = "first", priority = 2 }, "one"]
platforms = ["linux-64"]
system-requirements = { cuda = "12" }

[feature.cuda.dependencies]
NumPy = "<3"
pytorch = "*"

[feature.cuda.tasks]
test = "cuda"

[feature.cuda.activation]
env = { B = "cuda" }

[feature.docs]
channels = ["docs"]
platforms = ["win-64", "linux-64"]

[feature.docs.dependencies]
sphinx = "*"

[feature.docs.target.win.dependencies]
sphinx = ">=7"

[environments]
cuda = { features = ["cuda", "docs"], solve-group = "g" }
docs = { features = ["docs"], no-default-feature = true }
both = { features = ["docs"], solve-group = "g" }
plain = ["docs", "cuda"]
`

const document = Effect.runSync(
  PixiManifest.document({ fileName: "pixi.toml", bytes: new TextEncoder().encode(manifest) })
)

const selected = (environment: string, platform: string) =>
  PixiManifest.environment(document, { environment, platform })

interface Info {
  readonly environments_info: ReadonlyArray<{
    readonly name: string
    readonly features: ReadonlyArray<string>
    readonly solve_group: string | null
    readonly platforms: ReadonlyArray<string | { readonly name: string; readonly subdir: string }>
    readonly channels: ReadonlyArray<string>
  }>
}

interface Exported {
  readonly channels: ReadonlyArray<string>
  readonly dependencies?: ReadonlyArray<string | { readonly pip: ReadonlyArray<string> }>
  readonly variables?: Readonly<Record<string, string>>
}

const linesOf = (specs: Readonly<Record<string, ReadonlyArray<CondaSpec>>>) =>
  Object.entries(specs).flatMap(([name, all]) => all.map((spec) => `${name} ${PixiDependency.format(spec)}`))

describeEach(process.env, "DARB_TEST_PIXI", (executable) => {
  const directory = mkdtempSync(join(tmpdir(), "pixi-manifest-"))
  const run = (...args: ReadonlyArray<string>) =>
    execFileSync(executable, args, {
      encoding: "utf8",
      cwd: directory,
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 20_000,
      env: { HOME: directory, PIXI_HOME: directory, PIXI_CACHE_DIR: join(directory, "cache"), PATH: "/usr/bin:/bin" }
    })
  const version = PixiVersion.parse(run("--version"))
  const isOld = version === undefined || !PixiVersion.atLeast(version, "0.41.0")

  it.skipIf(isOld)(
    "environments have the features, channels and platforms that pixi says they have",
    ({ onTestFinished }) => {
      onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
      writeFileSync(join(directory, "pixi.toml"), manifest)
      const info = JSON.parse(run("info", "--json")) as Info
      assert.deepStrictEqual(info.environments_info.map(({ name }) => name), Object.keys(document.environments))
      for (const environment of info.environments_info) {
        const ours = Either.getOrThrow(selected(environment.name, "linux-64"))
        assert.deepStrictEqual(ours.features, environment.features)
        assert.strictEqual(ours.solveGroup ?? null, environment.solve_group)
        assert.deepStrictEqual(ours.channels.map(({ channel }) => channel), environment.channels)
        const isNamed = environment.platforms.some((platform) => typeof platform !== "string")
        assert.deepStrictEqual(
          ours.platforms.map(({ name, subdir }) => isNamed ? name : subdir).sort(),
          environment.platforms.map((platform) => typeof platform === "string" ? platform : platform.name).sort()
        )
      }

      for (const name of Object.keys(document.environments)) {
        for (const platform of ["linux-64", "osx-arm64", "win-64"]) {
          const ours = selected(name, platform)
          if (Either.isLeft(ours)) continue
          const { activation, channels, dependencies, pypiDependencies } = ours.right
          const text = run("project", "export", "conda-environment", "-e", name, "--platform", platform)
          const theirs = Yaml.load(text) as Exported
          const listed = theirs.dependencies ?? []
          const lowerCase = (lines: ReadonlyArray<string>) => lines.map((line) => line.toLowerCase())
          assert.deepStrictEqual(
            lowerCase(linesOf(dependencies)),
            lowerCase(listed.filter((line): line is string => typeof line === "string" && line !== "pip")),
            `${name} ${platform}`
          )
          const pip = listed.flatMap((line) => typeof line === "string" ? [] : line.pip)
          assert.deepStrictEqual(
            Object.entries(pypiDependencies).flatMap(([key, all]) =>
              all.map(({ extras = [], version }) =>
                `${key.toLowerCase().replaceAll("_", "-")}${extras.map((extra) => `[${extra}]`).join("")}${version}`
              )
            ),
            pip,
            `${name} ${platform}`
          )
          assert.deepStrictEqual([...channels.map(({ channel }) => channel), "nodefaults"], theirs.channels)
          if (theirs.variables !== undefined) assert.deepStrictEqual(activation.env, theirs.variables)
        }
      }
    }
  )
})
