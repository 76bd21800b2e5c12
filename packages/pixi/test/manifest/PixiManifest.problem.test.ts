import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

const read = (text: string, options?: PixiManifest.Options, fileName: PixiManifest.FileName = "pixi.toml") =>
  PixiManifest.document({ bytes: new TextEncoder().encode(text), fileName }, options)

const problem = (text: string, options?: PixiManifest.Options) => Either.getOrThrow(Either.flip(read(text, options)))

const head = "[workspace]\nchannels = []\n"

/** The text, and where it has `▸`. */
const marked = (text: string) => {
  const before = text.slice(0, text.indexOf("▸")).split("\n")
  return { text: text.replace("▸", ""), place: { line: before.length, column: (before.at(-1) ?? "").length + 1 } }
}

describe("a problem of a manifest", () => {
  it("says what was expected, and what may have been meant", () => {
    assert.deepStrictEqual(problem(`${head}[dependencies]\n  python = 3.10\n`), {
      reason: "dependencies.python: Expected string or table, actual 3.1",
      path: ["dependencies", "python"],
      line: 4,
      column: 3,
      expected: "string or table",
      hint: "Did you mean \"3.10\"?"
    })
    assert.deepInclude(problem(`${head}channel-priority = "Strict"\n`, { strict: true }), {
      reason: "workspace.channel-priority: Expected one of \"strict\", \"flexible\", \"disabled\", actual \"Strict\"",
      hint: "Did you mean strict?"
    })
    assert.deepInclude(problem(`${head}[pypi_dependencies]\n`, { strict: true }), {
      reason: "pypi_dependencies: is not a key that pixi knows here",
      hint: "Did you mean pypi-dependencies?"
    })
    const hints = [
      ["a = \"./x\"", "Did you mean { path = \"./x\" }?"],
      ["a = \"https://x.org/y\"", "Did you mean { url = \"https://x.org/y\" }?"],
      ["a = \"\"", "Did you mean \"*\"?"]
    ] as const
    for (const [line, hint] of hints) {
      assert.strictEqual(problem(`${head}[dependencies]\n${line}\n`, { strict: "0.77" }).hint, hint)
    }
    assert.strictEqual(
      problem(`${head}[dependencies]\na = ">= 1"\n`, { strict: "0.77" }).hint,
      "Did you mean \">=1\"?"
    )
  })

  it.each([
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
  ])("has its place: %s", (_, example) => {
    const { place, text } = marked(example)
    assert.deepInclude(problem(text), place)
  })

  it("is the first one; all are listed in the order of the file", () => {
    const text = `[tasks]\na = 1\n${head}name = 2\n[dependencies]\nb = 3\n`
    const source = { bytes: new TextEncoder().encode(text), fileName: "pixi.toml" } as const
    assert.deepStrictEqual(PixiManifest.problems(source).map(({ line, path }) => [line, path.join(".")]), [
      [2, "tasks.a"],
      [5, "workspace.name"],
      [7, "dependencies.b"]
    ])
    assert.strictEqual(problem(text).line, 2)
    assert.deepStrictEqual(PixiManifest.problems({ ...source, bytes: new TextEncoder().encode(head) }), [])
  })

  it("is a warning if a newer pixi may know the key or the value, and both are kept", () => {
    const text = `${head}soon = { x = [1, 2024-01-01] }\nsolve-strategy = "newest"\n[feature.f.deps]\na = "*"\n`
    const { warnings, workspace } = Either.getOrThrow(read(text))
    assert.isUndefined(workspace?.solveStrategy)
    assert.deepStrictEqual(warnings.map(({ line, path, reason }) => [line, path, reason]), [
      [3, ["workspace", "soon"], "workspace.soon: is not a key that pixi knows here"],
      [
        4,
        ["workspace", "solve-strategy"],
        "workspace.solve-strategy: Expected one of \"highest\", \"lowest\", \"lowest-direct\", actual \"newest\""
      ],
      [5, ["feature", "f", "deps"], "feature.f.deps: is not a key that pixi knows here"]
    ])
    assert.deepStrictEqual(warnings[2]?.value, { a: "*" })
    assert.strictEqual(warnings[1]?.value, "newest")
    assert.isTrue(Either.isLeft(read(text, { strict: true })))
  })

  it("is none for the keys of older versions, unless 0.77 is judged by", () => {
    const text = `${head}[system-requirements]\nunix = true\n[dependencies]\na = ">= 1.2 py*"\n`
    assert.deepStrictEqual(Either.getOrThrow(read(text)).warnings, [])
    assert.isTrue(Either.isRight(read(text, { strict: true })))
    assert.isTrue(Either.isLeft(read(text, { strict: "0.77" })))
  })

  it.each([
    ["a feature that is not there", `${head}[environments]\na = ["b"]\n`],
    ["a feature that is there twice", `${head}[feature.b]\n[environments]\na = ["b", "b"]\n`],
    ["a missing workspace", "[tasks]\na = \"b\"\n"],
    ["a wrong type", `${head}[activation.env]\na = 1\n`],
    ["TOML that is none", `${head}a =\n`],
    ["a key that is there twice", `${head}name = "a"\nname = "b"\n`]
  ])("is in every mode: %s", (_, text) => {
    for (const strict of [false, true, "0.77"] as const) {
      assert.isTrue(Either.isLeft(read(text, { strict })), String(strict))
    }
  })

  const building = `${head}preview = ["pixi-build"]\n`
  const withPackage = `${building}[package]\nname = "p"\n[package.build]\nbackend = { name = "b", version = "*" }\n`

  it.each([
    ["version", "version = \"1 2\""],
    ["platform", "platforms = [\"linux\"]"],
    ["platform twice", "platforms = [\"linux-64\", \"linux-64\"]"],
    ["platform name", "platforms = [{ name = \"unix\", platform = \"linux-64\" }]"],
    ["license", "license = \"My own\""],
    ["URL", "homepage = \"x.org\""],
    ["channel", "channels = [\"https://\"]".replace("channels", "build-variants-files = []\n[feature.x]\nchannels")],
    ["version spec", "[dependencies]\na = \"1 2 3\""],
    ["package name", "[dependencies]\n\"a b\" = \"*\""],
    ["two names for one", "[dependencies]\na = \"*\"\nA = \"*\""],
    ["empty spec", "[dependencies]\na = {}"],
    ["digest", "[dependencies]\na = { url = \"https://x.org/a.conda\", md5 = \"0\" }"],
    ["two sources", "preview = [\"pixi-build\"]\n[dependencies]\na = { git = \"https://x.org\", path = \".\" }"],
    [
      "two revisions",
      "preview = [\"pixi-build\"]\n[dependencies]\na = { git = \"https://x.org\", tag = \"a\", rev = \"b\" }"
    ],
    ["sources without the preview", "[dependencies]\na = { path = \".\" }"],
    ["inherited, but not there", "[dependencies]\na = { workspace = true }"],
    ["Python version spec", "[pypi-dependencies]\na = \"1.0\""],
    ["Python package with version and path", "[pypi-dependencies]\na = { version = \"*\", path = \".\" }"],
    ["environment name", "[environments]\nA_b = []"],
    ["selector", "[target.\"if(linux)\".dependencies]\na = \"*\""],
    ["feature of that name", "[feature.default.dependencies]\na = \"*\""],
    ["argument", "[tasks]\na = { cmd = \"b\", args = [\"c-d\"] }"],
    [
      "default of an argument",
      "[tasks]\na = { cmd = \"b\", args = [{ arg = \"c\", default = \"1\", choices = [\"2\"] }] }"
    ],
    ["order of arguments", "[tasks]\na = { cmd = \"b\", args = [{ arg = \"c\", default = \"1\" }, \"d\"] }"],
    ["date", "[tool.x]\na = 2024-01-01"],
    ["constraint from sources", "preview = [\"pixi-build\"]\n[constraints]\na = { path = \".\" }"],
    ["time", "exclude-newer = \"2023-02-29\""],
    ["pixi", "requires-pixi = \">=100\""],
    ["package without the preview", "[package.build]\nbackend = { name = \"a\" }"]
  ])("is in strict mode: %s", (_, more) => {
    const text = `${head}${more}\n`
    assert.isTrue(Either.isRight(read(text)), "tolerant")
    for (const strict of [true, "0.77"] as const) assert.isTrue(Either.isLeft(read(text, { strict })), String(strict))
  })

  it("is in strict mode: of a package", () => {
    assert.isTrue(Either.isRight(read(withPackage, { strict: "0.77" })))
    const wrong = [
      "[package.host-dependencies]\na = { pin-subpackage = true }",
      "[package.build-dependencies]\na = { pin-compatible = true }",
      "[package.run-dependencies]\np = { pin-compatible = true }",
      "[package.run-dependencies.\"(x)\"]\na = \"*\"",
      "[package.run-exports]\nweak = { a = { url = \"https://x.org/a.conda\" } }",
      "[package.extra-dependencies.A]\na = \"*\"",
      "[host-dependencies]\na = \"*\""
    ]
    for (const more of wrong) assert.isTrue(Either.isLeft(read(`${withPackage}${more}\n`, { strict: true })), more)
  })

  it("is in strict mode: features of an environment that contradict each other", () => {
    const features = `${head}[environments]\ne = ["a", "b"]\n`
    const wrong = [
      "[feature.a.system-requirements]\nlibc = { family = \"musl\", version = \"1\" }\n[feature.b.system-requirements]\nlibc = \"2\"",
      "[feature.a.pypi-options]\nindex-url = \"https://a.org\"\n[feature.b.pypi-options]\nindex-url = \"https://b.org\""
    ]
    for (const more of wrong) {
      assert.include(problem(`${features}${more}\n`, { strict: true }), { line: 4, column: 1 })
    }
  })

  it("of pyproject.toml has its place, too", () => {
    const strict = (text: string) => Either.getOrThrow(Either.flip(read(text, { strict: true }, "pyproject.toml")))
    const end = "[tool.pixi.workspace]\nchannels = []\n"
    assert.deepInclude(strict(`[project]\nname = "x"\ndependencies = ["a", "b =="]\n${end}`), { line: 3, column: 22 })
    assert.deepInclude(strict(`[project]\nname = "x"\nversions = 1\n${end}`), {
      hint: "Did you mean version?",
      line: 3
    })
    assert.deepInclude(strict(`[project]\nname = "x"\n${end}name = 1\n`), {
      reason: "tool.pixi.workspace.name: Expected string, actual 1",
      line: 5
    })
    assert.include(strict("[project]\nname = \"x\"\n").reason, "[tool.pixi]")
  })
})
