import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith } from "@darb/laws/TestDirectory"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { edit, fresh, live } from "../liveFixtures.js"

const root = (index: string) =>
  `[project]
name = "root"
version = "0"
requires-python = ">=3.9"
dependencies = ["greet>=1,<3", "libleaf; python_version >= '3.0'", "loc", "member"]

[project.optional-dependencies]
fancy = ["libleaf>=0.1"]
all = ["root[fancy]"]

[dependency-groups]
dev = ["greet!=1.0"]
more = [{ include-group = "dev" }, "libleaf"]
empty = []

[tool.uv]
constraint-dependencies = ["greet<9"]
override-dependencies = ["libleaf<9"]
build-constraint-dependencies = ["greet<8"]

[[tool.uv.index]]
name = "local"
url = "${index}"
default = true

[tool.uv.workspace]
members = ["members/*"]

[tool.uv.sources]
loc = { path = "loc" }
member = { workspace = true }
`

const project = (name: string, python: string, ...dependencies: ReadonlyArray<string>) =>
  `[project]\nname = "${name}"\nversion = "1"\nrequires-python = "${python}"\ndependencies = ${
    JSON.stringify(dependencies)
  }\n`

const member = "members/one/pyproject.toml"

/** What an edit does to `uv lock --check` and to the status. */
type Verdict = "fine" | "seen" | "not seen"

const edits: ReadonlyArray<readonly [Verdict, file: string, from: string, to: string]> = [
  ["fine", "pyproject.toml", "version = \"0\"", "version = \"0\" # mine"],
  ["fine", "pyproject.toml", "greet>=1,<3", "Greet <3.0, >=1.0.0"],
  ["fine", "pyproject.toml", "greet>=1,<3\"", "greet>=1,<3\", \"greet<3,>=1\""],
  ["fine", "pyproject.toml", "python_version >= '3.0'", "python_full_version >= '3.0'"],
  ["fine", "pyproject.toml", ">=3.9", ">= 3.9.0"],
  ["fine", "pyproject.toml", "{ include-group = \"dev\" }", "\"greet!=1.0.0\""],
  ["fine", "pyproject.toml", "loc = { path = \"loc\" }", "loc = [{ path = \"./loc\" }]"],
  ["fine", "pyproject.toml", "\\[\"root\\[fancy\\]\"\\]", "[\"root[fancy]\", \"root[fancy]\"]"],
  ["seen", "pyproject.toml", "greet>=1,<3", "greet>=1,<2"],
  ["seen", "pyproject.toml", "greet>=1,<3", "greet"],
  ["seen", "pyproject.toml", "greet>=1,<3", "greet[x]>=1,<3"],
  ["seen", "pyproject.toml", "\"greet>=1,<3\", ", ""],
  ["seen", "pyproject.toml", "\"loc\", ", ""],
  ["seen", "pyproject.toml", "fancy = \\[\"libleaf>=0.1\"\\]", "fancy = []"],
  ["seen", "pyproject.toml", "greet!=1.0", "greet!=1.1"],
  ["seen", "pyproject.toml", "{ include-group = \"dev\" }, ", ""],
  ["seen", "pyproject.toml", "greet<9", "greet<7"],
  ["seen", "pyproject.toml", "\\[\"greet<9\"\\]", "[]"],
  ["seen", "pyproject.toml", "libleaf<9", "libleaf<7"],
  ["seen", "pyproject.toml", "greet<8", "greet<7"],
  ["seen", "pyproject.toml", "\\[\"greet<8\"\\]", "[]"],
  ["seen", "pyproject.toml", ">=3.9", ">=3.10"],
  ["seen", "pyproject.toml", ">=3.9", ">=3.9,<4"],
  ["seen", "pyproject.toml", "version = \"0\"", "version = \"2\""],
  ["seen", "pyproject.toml", "loc = { path = \"loc\" }", "loc = { git = \"file:///no/where\" }"],
  ["seen", "pyproject.toml", "loc = { path = \"loc\" }", "loc = { index = \"local\" }"],
  ["seen", "pyproject.toml", "\\[\"members/\\*\"\\]", "[\"members/one\"]"],
  ["seen", member, "greet~=1.0", "greet~=1.1"],
  ["seen", member, "\\[\"greet~=1.0\"\\]", "[]"],
  ["seen", member, "\"greet~=1.0\"", "\"greet~=1.0\", \"libleaf\""],
  ["seen", member, ">=3.8", ">=3.10"],
  ["fine", member, ">=3.8", ">=3.7"],
  ["seen", member, "version = \"1\"", "version = \"2\""],
  ["not seen", "pyproject.toml", "python_version >= '3.0'", "python_version >= '3.11'"],
  ["not seen", "pyproject.toml", "\\[\"libleaf<9\"\\]", "[]"],
  ["not seen", "pyproject.toml", "constraint-dependencies = \\[\"greet<9\"", "prerelease = \"allow\"\n$&"],
  ["not seen", "pyproject.toml", "path = \"loc\"", "path = \"other\""]
]

describeEach(process.env, "DARB_TEST_UV", (executable) => {
  it.scopedLive(
    "the lock file is outdated only where uv says so, and in most of these cases",
    live(() =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const index = yield* WheelDirectory.make(WheelDirectory.examples)
        const directory = yield* directoryWith({
          "base/pyproject.toml": root(index.url),
          [`base/${member}`]: project("member", ">=3.8", "greet~=1.0"),
          "base/members/two/pyproject.toml": project("second", ">=3.9"),
          "base/loc/pyproject.toml": project("loc", ">=3.9", "libleaf"),
          "base/other/pyproject.toml": project("loc", ">=3.9", "libleaf")
        })
        const base = `${directory}/base`
        const packageManager = yield* fresh(executable)
        yield* packageManager.install({ path: base, noInstall: true })
        const check = (path: string) => {
          const { status, stderr } = spawnSync(executable, ["lock", "--check", "--directory", path], {
            encoding: "utf8",
            env: {
              PATH: process.env["PATH"],
              HOME: directory,
              UV_CACHE_DIR: `${directory}/cache`,
              UV_PYTHON_DOWNLOADS: "never",
              UV_NO_SYSTEM_CONFIG: "1"
            }
          })
          return status === 0 || stderr
        }
        assert.strictEqual(check(base), true)
        const found: Array<readonly [Verdict, string, string, string]> = []
        for (const [at, [, file, from, to]] of edits.entries()) {
          // Some versions write relative paths of indexes, which stay right in a directory beside.
          const path = `${directory}/copy-${at}`
          yield* fs.copy(base, path)
          yield* edit(`${path}/${file}`, new RegExp(from), to)
          const { lock } = yield* packageManager.status({ path })
          const fine = check(path) === true
          found.push([fine && lock === "present" ? "fine" : lock === "outdated" ? "seen" : "not seen", file, from, to])
          assert.isFalse(fine && lock === "outdated", `${from} → ${to}: uv finds nothing`)
        }
        assert.deepStrictEqual(found, edits)
      })
    ),
    240_000
  )
})
