import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as UvManifest from "../../src/manifest/UvManifest.js"

const project = `[project]
name = "Demo_App"
version = "1.10"
requires-python = ">=3.11"
`

const decode = (text: string) => UvManifest.decode(new TextEncoder().encode(text))

const problem = (text: string) =>
  Effect.map(
    Effect.flip(decode(text)),
    ({ column, line, path, reason }) => ({ reason, path, place: [line, column] })
  )

describe("UvManifest.decode", () => {
  it.effect("says what is wrong, and where", () =>
    Effect.gen(function*() {
      for (
        const [text, reason, line, column] of [
          ["dependencies = [\"a\",\n  \"b c\"]", "project.dependencies.1: expected one of `@`", 6, 3],
          ["dependencies = \"a\"", "project.dependencies: Expected array, actual \"a\"", 5, 1],
          ["dynamic = [1]", "project.dynamic.0: Expected string, actual 1", 5, 12],
          ["[tool.uv]\npackage = \"no\"", "tool.uv.package: Expected boolean, actual \"no\"", 6, 1],
          ["[tool.uv.sources]\na = {}", "tool.uv.sources.a: Expected one of `git`", 6, 1],
          [
            "[tool.uv.sources]\na = { git = \"https://x.org\", rev = \"a\", tag = \"b\" }",
            "tool.uv.sources.a: Expected only one of `rev` and `tag`",
            6,
            1
          ],
          [
            "[tool.uv.sources]\na = { path = \"b\", index = \"c\" }",
            "tool.uv.sources.a: Expected only one of `path` and `index`",
            6,
            1
          ],
          ["[[tool.uv.index]]\nname = \"a\"", "tool.uv.index.0.url: is missing", 5, 1],
          [
            "[tool.uv]\nconflicts = [[{ extra = \"a\" }]]",
            "tool.uv.conflicts.0: Expected an array of at least 2 item(s)",
            6,
            14
          ],
          [
            "[dependency-groups]\na = [{ include-group = \"b\" }]",
            "dependency-groups.a.0.include-group: There is no group b",
            6,
            8
          ],
          [
            "[dependency-groups]\na = [{ include-group = \"b\" }]\nb = [{ include-group = \"a\" }]",
            "dependency-groups.b.0.include-group: The group includes itself: a → b → a",
            7,
            8
          ],
          ["[dependency-groups]\na-b = []\na_b = []", "dependency-groups.a_b: The name a-b occurs twice", 7, 1],
          ["[dependency-groups]\n\"a b\" = []", "dependency-groups.\"a b\": Expected a name", 6, 1],
          ["[dependency-groups", "incomplete key-value", 5, 2],
          ["<<<<<<< HEAD\n=======\n>>>>>>> b", "illegal character in key", 5, 1]
        ] as const
      ) {
        const found = yield* problem(project + text)
        assert.include(found.reason, reason, text)
        assert.deepStrictEqual(found.place, [line, column], text)
      }
      assert.deepStrictEqual(yield* problem("[project]\nname = \"a\"\nversion = 1.10\n"), {
        reason: "project.version: Expected string, actual 1.1",
        path: ["project", "version"],
        place: [3, 1]
      })
      const { path, place } = yield* problem("[project]\nname = \"a\"\nrequires-python = \"3.11\"\n")
      assert.deepStrictEqual([path.join("."), ...place], ["project.requires-python", 3, 1])
    }))

  it.effect("redacts credentials", () =>
    Effect.gen(function*() {
      const { reason } = yield* problem(`${project}dynamic = "https://me:secret@x.org"`)
      assert.include(reason, "https://***@x.org")
    }))

  it.effect("refuses more than a megabyte", () =>
    Effect.gen(function*() {
      const { reason } = yield* problem(project + "#".repeat(1_000_000))
      assert.include(reason, "larger than 1000000 bytes")
    }))

  it.effect("reads requirements that uv leaves to the build backend", () =>
    Effect.gen(function*() {
      const { value } = yield* decode(
        `${project}dependencies = ["a>=1.*", "b @ {root:uri}/b", "c @ {root:uri}/c ; os_name == 'nt'"]`
      )
      assert.deepStrictEqual(
        value.dependencies.map(({ marker, name, specifier, url }) => [name, specifier, url, marker?.text]),
        [
          ["a", ">=1", null, undefined],
          ["b", "", "{root:uri}/b", undefined],
          ["c", "", "{root:uri}/c", "os_name == 'nt'"]
        ]
      )
    }))

  it.effect("warns about keys that uv refuses, and leaves the rest to uv", () =>
    Effect.gen(function*() {
      for (
        const [text, ...paths] of [
          ["[project]\nname = \"a\"\n"],
          ["[project]\nversion = \"1\"\n"],
          [`${project}[tool.uv]\ndefault-groups = [\"test\"]\nofline = true\n[[tool.uv.index]]\nurl = "a"\ncolour = 1`],
          [`${project}[tool.uv.sources]\na = { index = \"b\", colour = 1 }\n`, "tool.uv.sources.a.colour"],
          [`${project}[tool.uv.workspace]\nmember = []\n`, "tool.uv.workspace.member"]
        ] as const
      ) {
        const { warnings } = yield* decode(text)
        assert.deepStrictEqual((yield* warnings).map(({ path }) => path.join(".")), paths, text)
      }
    }))
})
