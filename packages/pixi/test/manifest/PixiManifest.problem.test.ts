import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

const problem = (text: string, options?: PixiManifest.Options, fileName: PixiManifest.FileName = "pixi.toml") =>
  Effect.flip(PixiManifest.document({ bytes: new TextEncoder().encode(text), fileName }, options))

const unknownKeys = { onExcessProperty: "error" } as const

const head = "[workspace]\nchannels = []\n"

/** The text, and where it has `▸`. */
const marked = (text: string) => {
  const before = text.slice(0, text.indexOf("▸")).split("\n")
  return { text: text.replace("▸", ""), place: { line: before.length, column: (before.at(-1) ?? "").length + 1 } }
}

describe("a problem of a manifest", () => {
  it.effect("says what was expected, and what may have been meant", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* problem(`${head}[dependencies]\n  python = 3.10\n`), {
        reason: "dependencies.python: Expected string or table, actual 3.1",
        path: ["dependencies", "python"],
        line: 4,
        column: 3,
        expected: "string or table",
        hint: "Did you mean \"3.10\"?"
      })
      assert.deepStrictEqual(yield* problem(`${head}[pypi_dependencies]\n`, unknownKeys), {
        reason: "pypi_dependencies: is not a known key",
        path: ["pypi_dependencies"],
        line: 3,
        column: 1,
        hint: "Did you mean pypi-dependencies?"
      })
    }))

  it.effect.each(
    [
      ["a key below a header", "[workspace]\n▸channels = 1\n"],
      [
        "a header",
        "[workspace]\nchannels = []\n\n  ▸[tasks.x]\ncmd = true\n".replace("  ▸[tasks.x]\ncmd", "[tasks.x]\n▸cmd")
      ],
      ["what is missing, at its table", "# x\n▸[workspace]\nname = \"x\"\n"],
      [
        "dotted keys",
        `${head}tasks.x = "y"\nworkspace.▸name = 1\n`.replace(
          `${head}tasks.x = "y"\nworkspace.▸name = 1\n`,
          "workspace.channels = []\nworkspace.▸name = 1\n"
        )
      ],
      ["quoted keys", `${head}[dependencies]\na = "*"\n▸"b.c" = 1\n`],
      ["escaped keys", `${head}[dependencies]\n▸"\\u0062" = 1\n`],
      ["an inline table", `${head}[dependencies]\na = { version = "1", ▸build = 2 }\n`],
      ["an inline table of many lines", `${head}[dependencies]\na = {\n  version = "1", # }\n  ▸build = 2,\n}\n`],
      ["an item of an array", `[workspace]\nchannels = [\n  "a", # ]\n  ▸1,\n]\n`],
      ["an item in a table in an array", `${head}[tasks]\nx = [{ task = "y", args = ["]", ▸1] }]\n`],
      [
        "after strings of many lines",
        `${head}description = """\n[tasks]\n"x" = 1\n"""\nreadme = '''\n'x'''\n▸name = 1\n`
      ],
      ["an array of tables", `${head}[[tasks.x]]\ntask = "a"\n[[tasks.x]]\n▸task = 1\n`],
      ["after a byte order mark", "\ufeff[workspace]\n▸channels = 1\n"],
      ["after line ends of Windows", "[workspace]\r\nchannels = []\r\n[tasks]\r\n▸x = 1\r\n"]
    ] as const
  )("has its place: %s", ([, example]) =>
    Effect.gen(function*() {
      const { place, text } = marked(example)
      assert.deepInclude(yield* problem(text), place)
    }))

  it.effect("is the first one; all are listed in the order of the file", () =>
    Effect.gen(function*() {
      const text = `[tasks]\na = 1\n${head}name = 2\n[dependencies]\nb = 3\n`
      const source = { bytes: new TextEncoder().encode(text), fileName: "pixi.toml" } as const
      const problems = yield* PixiManifest.problems(source)
      assert.deepStrictEqual(problems.map(({ line, path }) => [line, path.join(".")]), [
        [2, "tasks.a"],
        [5, "workspace.name"],
        [7, "dependencies.b"]
      ])
      assert.strictEqual((yield* problem(text)).line, 2)
      assert.deepStrictEqual(yield* PixiManifest.problems({ ...source, bytes: new TextEncoder().encode(head) }), [])
    }))

  it.effect("is a key that no schema knows only if that is asked for: a newer pixi may know it", () =>
    Effect.gen(function*() {
      const text = `${head}soon = { x = [1, 2024-01-01] }\nsolve-strategy = "newest"\n[feature.f.deps]\na = "*"\n`
      const source = { bytes: new TextEncoder().encode(text), fileName: "pixi.toml" } as const
      const { workspace } = yield* PixiManifest.document(source)
      assert.strictEqual(workspace?.solveStrategy, "newest")
      assert.deepStrictEqual(yield* PixiManifest.problems(source), [])
      const problems = yield* PixiManifest.problems(source, unknownKeys)
      assert.deepStrictEqual(problems.map(({ line, path, reason }) => [line, path, reason]), [
        [3, ["workspace", "soon"], "workspace.soon: is not a known key"],
        [5, ["feature", "f", "deps"], "feature.f.deps: is not a known key"]
      ])
    }))

  it.effect("is none for the keys of older versions", () =>
    Effect.gen(function*() {
      const text = `${head}[system-requirements]\nunix = true\n[dependencies]\na = ">= 1.2 py*"\n`
      const source = { bytes: new TextEncoder().encode(text), fileName: "pixi.toml" } as const
      assert.deepStrictEqual(yield* PixiManifest.problems(source, unknownKeys), [])
    }))

  it.effect.each(
    [
      ["a feature that is not there", `${head}[environments]\na = [▸"b"]\n`],
      ["a feature that is there twice", `${head}[feature.b]\n[environments]\na = { features = ["b", ▸"b"] }\n`],
      ["a missing workspace", "▸[tasks]\na = \"b\"\n"],
      ["a wrong type", `${head}[activation.env]\n▸a = 1\n`],
      ["TOML that is none", `${head}▸a =\n`],
      ["a key that is there twice", `${head}name = "a"\n▸name = "b"\n`]
    ] as const
  )("is %s", ([, example]) =>
    Effect.gen(function*() {
      const { place: { line }, text } = marked(example)
      assert.strictEqual((yield* problem(text)).line, line)
    }))

  it.effect("of pyproject.toml has its place, too", () =>
    Effect.gen(function*() {
      const pyproject = (text: string) => problem(text, unknownKeys, "pyproject.toml")
      const end = "[tool.pixi.workspace]\nchannels = []\n"
      assert.deepInclude(yield* pyproject(`[project]\nname = "x"\ndependencies = ["a", "b =="]\n${end}`), {
        line: 3,
        column: 22
      })
      assert.deepInclude(yield* pyproject(`[project]\nname = "x"\n${end}name = 1\n`), {
        reason: "tool.pixi.workspace.name: Expected string, actual 1",
        line: 5
      })
      assert.deepInclude(yield* pyproject(`${end}[tool.pixi.environments]\nx = ["a", "b"]\n`), { line: 4, column: 6 })
      assert.include((yield* pyproject("[project]\nname = \"x\"\n")).reason, "[tool.pixi]")
    }))
})
