import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as UvManifest from "../../src/manifest/UvManifest.js"

const project = `[project]
name = "Demo_App"
version = "1.10"
requires-python = ">=3.11"
`

const decoded = (text: string, options?: UvManifest.DecodeOptions) =>
  Either.getOrThrowWith(UvManifest.decode(text, options), (problems) => new Error(problems[0].reason))

const problem = (text: string, options?: UvManifest.DecodeOptions) => {
  const [{ column, line, reason }] = Either.getOrThrow(Either.flip(UvManifest.decode(text, options)))
  return [reason, line, column]
}

describe("UvManifest.decode", () => {
  it("says what is wrong, and where", () => {
    for (
      const [text, reason, line, column] of [
        ["dependencies = [\"a\",\n  \"b c\"]", "project.dependencies[1]: ", 6, 3],
        ["dependencies = \"a\"", "project.dependencies: expected an array, found \"a\"", 5, 1],
        ["dynamic = [1]", "project.dynamic[0]: expected a string, found 1", 5, 12],
        ["[tool.uv]\npackage = \"no\"", "tool.uv.package: expected a boolean, found \"no\"", 6, 1],
        ["[tool.uv.sources]\na = {}", "tool.uv.sources.a: expected one of `git`", 6, 1],
        [
          "[tool.uv.sources]\na = { git = \"https://x.org\", rev = \"a\", tag = \"b\" }",
          "tool.uv.sources.a: can have",
          6,
          1
        ],
        [
          "[tool.uv.sources]\na = { path = \"b\", index = \"c\" }",
          "tool.uv.sources.a: cannot have both `path` and `index`",
          6,
          1
        ],
        [
          "[tool.uv.sources]\na = [{ index = \"b\" }, { index = \"c\" }]",
          "tool.uv.sources.a: Of several sources",
          6,
          1
        ],
        [
          "[tool.uv.sources]\na = [{ index = \"b\", marker = \"os_name == 'nt'\" }, { index = \"c\", marker = \"python_version > '3'\" }]",
          "tool.uv.sources.a: The markers of two sources overlap",
          6,
          1
        ],
        ["[[tool.uv.index]]\nname = \"a\"", "tool.uv.index[0].url: is missing", 5, 1],
        ["[tool.uv]\nconflicts = [[{ extra = \"a\" }]]", "tool.uv.conflicts[0]: expected at least two", 6, 14],
        [
          "[dependency-groups]\na = [{ include-group = \"b\" }]",
          "dependency-groups.a[0].include-group: there is no group",
          6,
          8
        ],
        [
          "[dependency-groups]\na = [{ include-group = \"b\" }]\nb = [{ include-group = \"a\" }]",
          "dependency-groups.b[0].include-group: the group includes itself: a → b → a",
          7,
          8
        ],
        ["[dependency-groups]\na-b = []\na_b = []", "dependency-groups.a_b: is there twice", 7, 1],
        ["[dependency-groups]\n\"a b\" = []", "dependency-groups.\"a b\": expected a name", 6, 1],
        ["[dependency-groups", "it is not TOML: ", 5, 2],
        ["<<<<<<< HEAD\n=======\n>>>>>>> b", "it has the marks of a merge conflict", 5, 1]
      ] as const
    ) {
      const [actual, ...place] = problem(project + text)
      assert.include(String(actual), reason)
      assert.deepStrictEqual(place, [line, column], text)
    }
    assert.deepStrictEqual(
      UvManifest.decode("[project]\nname = \"a\"\nversion = 1.10\n"),
      Either.left([{
        reason: "project.version: expected a version, found 1.1",
        path: "project.version",
        expected: "a version",
        hint: "Did you mean \"1.10\"?",
        line: 3,
        column: 1
      }])
    )
    assert.include(
      String(problem("[project]\nname = \"a\"\nrequires-python = \"3.11\"\n")[0]),
      "project.requires-python"
    )
  })

  it("what uv only warns about is a warning", () => {
    const { warnings } = decoded(
      `${project}
dependencies = ["a>=1.*", "b @ {root:uri}/b"]
[tool.uv]
ofline = true
no-cache = "yes"
[[tool.uv.index]]
url = "https://x.org"
colour = "red"
`,
      { strict: true }
    )
    assert.deepStrictEqual(warnings.map(({ hint, line, path }) => [path, line, hint]), [
      ["project.dependencies[0]", 6, undefined],
      ["project.dependencies[1]", 6, undefined],
      ["tool.uv.index[0].colour", 12, undefined],
      ["tool.uv.ofline", 8, "Did you mean offline?"],
      ["tool.uv.no-cache", 9, undefined]
    ])
  })

  it("what uv refuses, but others take, is a warning where it is not judged as uv does", () => {
    for (
      const [text, path] of [
        ["[project]\nname = \"a\"\n", "project.version"],
        ["[project]\nversion = \"1\"\n", "project.name"],
        [`${project}[tool.uv.sources]\na = { index = \"b\", colour = 1 }\n`, "tool.uv.sources.a.colour"],
        [`${project}[tool.uv.workspace]\nmember = []\n`, "tool.uv.workspace.member"],
        [`${project}[tool.uv]\ndefault-groups = [\"test\"]\n`, "tool.uv.default-groups[0]"]
      ] as const
    ) {
      assert.deepStrictEqual(decoded(text).warnings.map((warning) => warning.path), [path])
      assert.isTrue(Either.isLeft(UvManifest.decode(text, { strict: true })), text)
    }
  })
})
