import * as Changes from "@darb/package-manager/Changes"
import * as Pep508 from "@darb/python/Pep508"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import * as UvLock from "../../src/lock/UvLock.js"

const fixture = (name: string) => readFileSync(new URL(`../uv-locks/${name}/uv.lock`, import.meta.url), "utf8")

const decode = (text: string) => UvLock.decode(new TextEncoder().encode(text))

const decoded = (text: string) => Effect.runSync(decode(text))

const failure = (text: string) => Effect.flip(decode(text))

const zeros = "0".repeat(64)

const head = "version = 1\nrequires-python = \">=3.11\"\n"

const locked = (name: string, more = "", source = "registry = \"https://pypi.org/simple\"") =>
  `[[package]]\nname = "${name}"\nversion = "1.10"\nsource = { ${source} }\n${more}\n`

const applicable = (name: string, platform: string, python: string, selection: Partial<UvLock.Selection> = {}) =>
  UvLock.applicable(decoded(fixture(name)), { environment: Pep508.environmentOf(platform, python), ...selection })
    .map(({ direct, package: { name, version } }) => `${name} ${version}${direct ? "!" : ""}`)

describe("UvLock.decode", () => {
  it("reads packages from all sources", () => {
    const lock = decoded(fixture("workspace"))
    assert.deepStrictEqual([lock.version, lock.revision, lock.requiresPython], [1, 5, ">=3.11"])
    assert.deepStrictEqual(lock.members, ["member-a", "member-b", "root"])
    assert.deepStrictEqual(
      lock.packages.map((found) => `${found.name} ${found.version} ${found.source._tag} ${UvLock.sourceOf(found)}`),
      [
        "archive-dep 1.0 Path archive_dep-1.0-py3-none-any.whl",
        "git-dep 1.5 Git git+file:///srv/git-dep?tag=v1#ec40ecdb9b621331869621fca3b85491c33d197a",
        "leaf 1.10 Registry ../wheels",
        "machelp 3.0.post1 Registry ../wheels",
        "member-a 1.0 Virtual members/a",
        "member-b 1.0 Virtual members/b",
        "mid 1.0 Registry ../wheels",
        "oldpy 1.0 Registry ../wheels",
        "root 0.1.0 Virtual .",
        "side-dep 7.0 Virtual side",
        "speedup 0.1 Registry ../wheels",
        "tool 1.0 Registry ../wheels",
        "winhelp 1.0 Registry ../wheels"
      ]
    )
    const root = lock.packages[8]
    assert.deepStrictEqual(
      root?.dependencies.map((
        { extras, index, marker, name }
      ) => [name, lock.packages[index]?.name, extras, marker?.text]),
      [
        ["archive-dep", "archive-dep", [], undefined],
        ["member-a", "member-a", [], undefined],
        ["mid", "mid", ["fast"], undefined],
        ["oldpy", "oldpy", [], "python_full_version < '3.12'"]
      ]
    )
    assert.deepStrictEqual(root?.requiresDist.map(({ name, specifier }) => name + specifier), [
      "archive-dep",
      "member-a",
      "mid>=1",
      "oldpy"
    ])
    assert.deepStrictEqual([...lock.packages[6]?.optionalDependencies.keys() ?? []], ["fast"])
  })

  it("reads archives with their hash, size and time", () => {
    const { packages } = decoded(
      head + locked(
        "a",
        `sdist = { url = "https://x.org/a-1.10.tar.gz", hash = "sha256:${zeros}", size = 12, upload-time = "2024-01-01T00:00:00Z" }
wheels = [{ url = "https://x.org/a-1.10%2Blocal-1-py3-none-any.whl", hash = "md5:${zeros.slice(32)}" }]`
      )
    )
    assert.deepStrictEqual(packages[0]?.sdist, {
      kind: "sdist",
      location: "https://x.org/a-1.10.tar.gz",
      hash: `sha256:${zeros}`,
      size: 12,
      uploadTime: "2024-01-01T00:00:00Z"
    })
    assert.deepStrictEqual(packages[0]?.wheels.map(({ kind, size }) => [kind, size]), [["wheel", null]])
  })

  it("reads the first locks", () => {
    const { packages } = decoded(`${head}
[[distribution]]
name = "a"
version = "1.10"
source = "editable+."
[[distribution.dependencies]]
name = "b"
version = "1.0"
source = "registry+https://pypi.org/simple"
extra = "c"
[[distribution]]
name = "b"
version = "1.0"
source = "registry+https://pypi.org/simple"
`)
    assert.deepStrictEqual(packages.map(({ source }) => source), [
      { _tag: "Editable", editable: "." },
      { _tag: "Registry", registry: "https://pypi.org/simple" }
    ])
    assert.deepStrictEqual(packages[0]?.dependencies, [{ name: "b", index: 1, extras: ["c"], marker: null }])
  })

  it.effect("a newer version is an error of its own that names both", () =>
    Effect.gen(function*() {
      const error = yield* failure("version = 2\nanything = \"else\"")
      assert.deepStrictEqual(
        [error._tag, error.message],
        ["UvLockTooNew", "it has version 2, the newest supported version is 1"]
      )
      assert.strictEqual(decoded(`${head}revision = 99\n`).revision, 99)
    }))

  it.effect("says what is wrong, and where", () =>
    Effect.gen(function*() {
      for (
        const [text, reason, line] of [
          ["", "version: is missing", 1],
          ["version = \"1\"", "version: Expected 1, actual \"1\"", 1],
          ["version = 0", "version: Expected 1, actual 0", 1],
          ["version = 1", "requires-python: is missing", 1],
          [head + "[[package]\n", "expected end of table array declaration", 3],
          [head + "[[package]]\nname = \"a\"\n", "package.0.source: is missing", 3],
          [head + "[[package]]\nname = \"a\"\nsource = { registry = \"b\" }", "package.0.version: is missing", 3],
          [
            head + "[[package]]\nname = \"a\"\nversion = 1.10\nsource = { virtual = \".\" }",
            "package.0.version: Expected string, actual 1.1",
            5
          ],
          [
            head + locked("a", "", "git = \"https://x.org/a\""),
            "package.0.source: Expected one of `registry`, `git` with a commit",
            6
          ],
          [head + locked("a", "", "nowhere = \".\""), "package.0.source: Expected one of `registry`", 6],
          [
            head + locked("a", "dependencies = [\n{ name = \"b\" }]"),
            "package.0.dependencies.0: The package b is not in the lock file",
            8
          ],
          [head + locked("a") + locked("a"), "package.1: The package a occurs twice", 8],
          [
            head + locked("b") + locked("b", "", "virtual = \"b\"") + locked("a", "dependencies = [{ name = \"b\" }]"),
            "The package b can be one of several",
            17
          ]
        ] as const
      ) {
        const error = yield* failure(text)
        assert.include(error.message, reason)
        assert.strictEqual(error._tag === "UvLockInvalid" ? error.line : null, line, text)
      }
    }))
})

describe("UvLock.applicable", () => {
  it("walks from the project along markers, extras and groups", () => {
    assert.deepStrictEqual(applicable("workspace", "linux-64", "3.11.2"), [
      "archive-dep 1.0!",
      "git-dep 1.5",
      "leaf 1.10",
      "mid 1.0!",
      "oldpy 1.0!",
      "speedup 0.1",
      "tool 1.0!"
    ])
    assert.deepStrictEqual(applicable("workspace", "osx-arm64", "3.12.0", { groups: [] }), [
      "archive-dep 1.0!",
      "git-dep 1.5",
      "leaf 1.10",
      "machelp 3.0.post1",
      "mid 1.0!",
      "speedup 0.1"
    ])
    assert.deepStrictEqual(applicable("workspace", "win-64", "3.12.0", { projects: ["Member_B"] }), ["winhelp 1.0!"])
  })

  it("of packages with one name takes that of the platform", () => {
    assert.deepStrictEqual(applicable("forks", "linux-64", "3.12.0"), ["leaf 2.0!", "mid 1.0!"])
    assert.deepStrictEqual(applicable("forks", "win-64", "3.12.0"), ["leaf 1.0!", "mid 1.0!"])
  })

  it("of packages in conflict takes that of the extras and groups which are chosen", () => {
    for (
      const [selection, expected] of [
        [{}, ["leaf 2.0", "mid 1.0!", "tool 1.0!"]],
        [{ extras: ["cpu"] }, ["leaf 1.10!", "mid 1.0!", "tool 1.0!"]],
        [{ extras: ["GPU"], groups: [] }, ["leaf 2.0!", "mid 1.0!", "speedup 0.1"]],
        [{ groups: ["old"] }, ["leaf 1.0!", "mid 1.0!"]],
        [{ groups: ["both"] }, ["leaf 1.10!", "mid 1.0!"]]
      ] as const
    ) {
      assert.deepStrictEqual(applicable("conflicts", "linux-64", "3.12.0", selection), [...expected])
    }
  })

  it("starts from what a root without a project asks for", () => {
    const lock = decoded(
      `${head}[manifest]\nrequirements = [{ name = "a", extras = ["x"] }, { name = "c", marker = "os_name == 'nt'" }]\n` +
        "[manifest.dependency-groups]\ndev = [{ name = \"c\" }]\n" +
        locked("a", "[package.optional-dependencies]\nx = [{ name = \"b\" }]") + locked("b") + locked("c")
    )
    const named = (groups: ReadonlyArray<string>) =>
      UvLock.applicable(lock, { environment: Pep508.environmentOf("linux-64", "3.12.0"), groups })
        .map(({ direct, package: found }) => found.name + (direct ? "!" : ""))
    assert.deepStrictEqual(named([]), ["a!", "b"])
    assert.deepStrictEqual(named(["dev"]), ["a!", "b", "c!"])
  })
})

describe("UvLock.located", () => {
  it("is what two locks are compared by", () => {
    const before = decoded(head + locked("demo", "", "virtual = \".\"") + locked("a") + locked("b"))
    const after = decoded(
      (head + locked("demo", "", "editable = \".\"") + locked("a") + locked("c")).replace("1.10", "2")
    )
    const changes = Changes.between(UvLock.located(before), UvLock.located(after))
    assert.deepStrictEqual(
      [changes.added, changes.removed, changes.changed].map((list) => list.map(({ name }) => name)),
      [["c"], ["b"], []]
    )
    assert.deepStrictEqual(UvLock.located(before)[0], {
      environment: "default",
      platform: "any",
      kind: "pypi",
      name: "a",
      version: "1.10",
      build: null,
      source: "https://pypi.org/simple"
    })
  })
})
