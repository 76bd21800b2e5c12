import * as Changes from "@darb/package-manager/Changes"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { existsSync, readFileSync } from "node:fs"
import * as PixiLock from "../../src/lock/PixiLock.js"

const formats = [1, 2, 3, 4, 5, 6, 7]

const fixture = (format: number) => readFileSync(new URL(`locks/format-${format}.lock`, import.meta.url), "utf8")

const row = ({ build, environment, kind, name, platform, source, version }: Changes.Entry) =>
  [environment, platform, kind, name, version, build, source].join(" ")

const rows = (text: string) => Effect.map(PixiLock.decode(text), (entries) => entries.map(row).sort())

const failure = (text: string) =>
  Effect.map(Effect.flip(PixiLock.decode(text)), ({ column, line, reason }) => ({ reason, line, column }))

interface Entry {
  readonly [key: string]: string | null
}

/** A lock file, in that part of YAML that is JSON: what `entries` refer to is in `packages`, or is themselves. */
const lockOf = (
  format: number,
  entries: ReadonlyArray<Entry>,
  { indexes = [], packages = entries }: {
    readonly indexes?: ReadonlyArray<string>
    readonly packages?: ReadonlyArray<Entry>
  } = {}
) =>
  JSON.stringify({
    version: String(format),
    ...(format < 7 ? {} : { platforms: [{ name: "linux-64" }] }),
    environments: { default: { channels: [], indexes, packages: { "linux-64": entries } } },
    packages
  })

/** A package and the reference to it, as formats 4 and 5 have them. */
const lockOfKind = (kind: string, entry: Entry, indexes: ReadonlyArray<string> = []) =>
  lockOf(5, [{ [kind]: entry.url ?? entry.path ?? null }], { indexes, packages: [{ kind, ...entry }] })

const sourceOf = (text: string) => Effect.map(PixiLock.decode(text), (entries) => entries.map(({ source }) => source))

describe("PixiLock.decode", () => {
  for (const format of [1, 2, 3, 5]) {
    it.effect(`reads format ${format}`, () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* rows(fixture(format)), [
          "default linux-64 conda tzdata 2023c h71feb2d_0 https://conda.anaconda.org/conda-forge",
          "default linux-64 conda xz 5.2.10 h166bdaf_0 https://conda.anaconda.org/conda-forge",
          "default linux-64 pypi six 1.10  https://pypi.org/simple",
          "default osx-arm64 conda tzdata 2023c h71feb2d_0 https://conda.anaconda.org/conda-forge"
        ])
      }))
  }

  for (const format of [4, 6, 7]) {
    it.effect(`reads format ${format}`, () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* rows(fixture(format)), [
          "default linux-64 conda greet 2.0 0 file:///srv/our%20channel",
          "default linux-64 conda libleaf 0.2.0 0 file:///srv/our%20channel",
          "default linux-64 conda native 1.0 0 file:///srv/our%20channel",
          "default linux-64 pypi click 8.1.7  https://pypi.org/simple",
          "test linux-64 conda greet 2.0 0 file:///srv/our%20channel",
          "test linux-64 conda libleaf 0.2.0 0 file:///srv/our%20channel",
          "test linux-64 conda native 1.0 0 file:///srv/our%20channel"
        ])
      }))
  }

  it.effect("the same packages are no change between formats", () =>
    Effect.gen(function*() {
      for (const same of [[1, 2, 3, 5], [4, 6, 7]]) {
        for (const before of same) {
          for (const after of same) {
            const changes = Changes.between(
              yield* PixiLock.decode(fixture(before)),
              yield* PixiLock.decode(fixture(after))
            )
            assert.isTrue(changes.isEmpty, `from ${before} to ${after}`)
          }
        }
      }
    }))

  it.effect("an environment without packages has none", () =>
    Effect.gen(function*() {
      for (const format of [4, 5, 6, 7]) {
        const text = `version: ${format}\nenvironments:\n  default:\n    channels: []\n    packages: {}\npackages: []\n`
        assert.deepStrictEqual(yield* rows(text), [])
      }
      assert.deepStrictEqual(yield* rows("version: 1\npackage: []\n"), [])
    }))

  it.effect("a version never becomes a number", () =>
    Effect.gen(function*() {
      for (const version of ["1.10", "1e3", "0x10", "0o7", "012", "1_000", "true", "2024-01-01", ".inf"]) {
        const entries = yield* PixiLock.decode([
          "version: 4",
          "environments: {default: {packages: {linux-64: [{pypi: ./a}]}}}",
          `packages: [{kind: pypi, name: a, version: ${version}, path: ./a}]`
        ].join("\n"))
        assert.deepStrictEqual(entries.map(({ version }) => version), [version])
      }
    }))

  it.effect("what the archive's name does not tell stands beside it", () =>
    Effect.gen(function*() {
      const url = "https://conda.anaconda.org/c/linux-64"
      assert.deepStrictEqual(
        yield* rows(lockOf(6, [
          { conda: `${url}/ros-noetic-rosbridge-0.11.14-py39h6fdeb60_14.tar.bz2` },
          { conda: `${url}/x264-1!164.3095-h166bdaf_2.conda` },
          { conda: `${url}/a-1.0-0.conda`, name: "b", version: "1.0+cpu", build: "h0" }
        ])),
        [
          "default linux-64 conda b 1.0+cpu h0 https://conda.anaconda.org/c",
          "default linux-64 conda ros-noetic-rosbridge 0.11.14 py39h6fdeb60_14 https://conda.anaconda.org/c",
          "default linux-64 conda x264 1!164.3095 h166bdaf_2 https://conda.anaconda.org/c"
        ]
      )
    }))

  it.effect("a package at a URL is the one for the platform in format 5", () =>
    Effect.gen(function*() {
      const url = "https://conda.anaconda.org/c/noarch/a-1.0-0.conda"
      const packages = ["osx-64", "linux-64"].map((subdir) => ({
        kind: "conda",
        name: "a",
        version: "1.0",
        build: subdir,
        subdir,
        url
      }))
      assert.deepStrictEqual(yield* rows(lockOf(5, [{ conda: url }], { packages })), [
        "default linux-64 conda a 1.0 linux-64 https://conda.anaconda.org/c"
      ])
    }))

  it.effect("packages at one location are told apart by what differs in format 6", () =>
    Effect.gen(function*() {
      const project = (name: string, build: string, subdir: string) => ({
        conda: "../project",
        name,
        version: "0.1",
        build,
        subdir
      })
      const packages = [
        project("a", "first", "win-64"),
        project("a", "second", "win-64"),
        project("a", "first", "linux-64"),
        project("b", "", "noarch")
      ]
      const conda = "../project"
      const chosen = (reference: Entry) => rows(lockOf(6, [{ conda, ...reference }], { packages }))
      assert.deepStrictEqual(yield* chosen({ build: "second" }), [
        "default linux-64 conda a 0.1 second ../project"
      ])
      assert.deepStrictEqual(yield* chosen({ name: "b", build: "" }), ["default linux-64 conda b 0.1  ../project"])
      assert.strictEqual(
        (yield* failure(lockOf(6, [{ conda, build: "third" }], { packages }))).reason,
        "environment default refers to a package for linux-64 that does not exist: ../project"
      )
    }))

  it.effect("a source package is the same in formats 6 and 7", () =>
    Effect.gen(function*() {
      const git = "git+https://github.com/o/r.git?subdirectory=a%2Fb&tag=v1#abc123"
      for (
        const [location, source] of [
          ["./pkg", "pkg"],
          ["../pkg/", "../pkg"],
          [".", "."],
          ["/srv/my pkg", "file:///srv/my%20pkg"],
          [git, git]
        ] as const
      ) {
        const old = yield* PixiLock.decode(lockOf(6, [{ conda: location, name: "pkg", version: "1.0", build: "" }]))
        const present = yield* PixiLock.decode(lockOf(7, [{ conda_source: `pkg[1a2b] @ ${location}`, version: "1.0" }]))
        assert.deepStrictEqual(old.map(row), [`default linux-64 conda pkg 1.0  ${source}`])
        assert.deepStrictEqual(present, old)
      }
    }))

  it.effect("a source package whose metadata was not evaluated has no version", () =>
    Effect.gen(function*() {
      const [entry] = yield* PixiLock.decode(lockOf(7, [{ conda_source: "pkg[1a2b] @ pkg" }]))
      assert.deepStrictEqual(entry, {
        environment: "default",
        platform: "linux-64",
        kind: "conda",
        name: "pkg",
        version: null,
        build: null,
        source: "pkg"
      })
    }))

  it.effect("the platforms of format 7 have their own names", () =>
    Effect.gen(function*() {
      const url = "https://conda.anaconda.org/c/noarch/a-1.0-0.conda"
      const text = JSON.stringify({
        version: "7",
        platforms: [{ name: "gpu", subdir: "linux-64", "virtual-packages": ["__cuda=12"] }, { name: "win-64" }],
        environments: { default: { packages: { gpu: [{ conda: url }], "win-64": [{ conda: url }] } } },
        packages: [{ conda: url }]
      })
      assert.deepStrictEqual(yield* rows(text), [
        "default gpu conda a 1.0 0 https://conda.anaconda.org/c",
        "default win-64 conda a 1.0 0 https://conda.anaconda.org/c"
      ])
    }))
})

describe("the source", () => {
  const archive = (channel: string) => `${channel}/noarch/a-1.0-0.conda`

  it.effect("of a channel is the same however the format writes it", () =>
    Effect.gen(function*() {
      for (
        const [url, path, source] of [
          ["file:///srv/ch", "/srv/ch", "file:///srv/ch"],
          ["file:///srv/my%20ch", "/srv/my ch", "file:///srv/my%20ch"],
          ["file:///srv/100%25/%23a", "/srv/100%/#a", "file:///srv/100%25/%23a"],
          ["file:///srv/m%C3%BCller", "/srv/müller", "file:///srv/m%C3%BCller"],
          ["file:///srv/a+b@c", "/srv/a+b@c", "file:///srv/a+b@c"],
          ["file:///C:/my%20ch", "C:\\my ch", "file:///C:/my%20ch"],
          ["https://host:8080/a%2Bb", "https://host:8080/a+b", "https://host:8080/a+b"]
        ] as const
      ) {
        const texts = [
          lockOfKind("conda", { name: "a", version: "1.0", build: "0", url: archive(url) }),
          lockOf(6, [{ conda: archive(path) }]),
          lockOf(6, [{ conda: archive(path), channel: url }]),
          lockOf(7, [{ conda: archive(path), channel: `${url}/` }]),
          lockOf(7, [{ conda: archive(path), channel: null }])
        ]
        for (const text of texts) assert.deepStrictEqual(yield* sourceOf(text), [source], text)
      }
    }))

  it.effect("of a package whose channel is elsewhere is that channel", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* sourceOf(
          lockOf(7, [{ conda: archive("https://mirror.example.com/x"), channel: "https://example.com/c/" }])
        ),
        ["https://example.com/c"]
      )
    }))

  it.effect("of a Python package is its index, in all formats", () =>
    Effect.gen(function*() {
      const pypi = "https://pypi.org/simple"
      const nightly = "https://pypi.anaconda.org/nightly/simple"
      const torch = "https://download.pytorch.org/whl/cu128"
      for (
        const [url, indexes, source] of [
          ["https://files.pythonhosted.org/packages/00/2e/abc/a-1.0-py3-none-any.whl", [], pypi],
          ["https://files.pythonhosted.org/packages/00/2e/abc/a-1.0-py3-none-any.whl", [nightly, `${pypi}/`], pypi],
          [
            "https://files.pythonhosted.org/packages/00/2e/abc/a-1.0.tar.gz",
            ["https://proxy/simple"],
            "https://proxy/simple"
          ],
          [`${nightly}/a/1.0/a-1.0-py3-none-any.whl`, [pypi, nightly], nightly],
          [`${torch}/a-1.0%2Bcu128-py3-none-any.whl`, [pypi], torch],
          [`${torch}/a-1.0%2Bcu128-py3-none-any.whl`, ["https://download.pytorch.org/whl/cpu", torch], torch],
          [
            "https://host/repo/b/files/a-1.0.zip",
            ["https://host/repo/a/simple", "https://host/repo/b/simple"],
            "https://host/repo/b/simple"
          ]
        ] as const
      ) {
        const texts = [
          lockOfKind("pypi", { name: "a", version: "1.0", url }, indexes),
          lockOf(6, [{ pypi: url, name: "a", version: "1.0" }], { indexes }),
          lockOf(7, [{ pypi: url, name: "a", version: "1.0", index: source === pypi ? null : source }], { indexes })
        ]
        for (const text of texts) assert.deepStrictEqual(yield* sourceOf(text), [source], text)
      }
    }))

  it.effect("of a Python package from elsewhere is its location, or the directory of its archive", () =>
    Effect.gen(function*() {
      for (
        const [location, source] of [
          ["./", "."],
          ["./project", "project"],
          ["project", "project"],
          ["../../project", "../../project"],
          ["/srv/my project", "file:///srv/my%20project"],
          ["E:\\projects/a", "file:///E:/projects/a"],
          ["./wheels/a-1.0-py3-none-any.whl", "wheels"],
          ["./a-1.0.tar.gz", "."],
          ["file:///srv/my%20wheels/a-1.0-py3-none-any.whl", "file:///srv/my%20wheels"],
          ["/srv/my wheels/a-1.0-py3-none-any.whl", "file:///srv/my%20wheels"],
          ["https://example.com/files/a-1.0.zip#sha256=00", "https://example.com/files"],
          ["https://example.com/download?id=1%2F2", "https://example.com/download?id=1%2F2"],
          ["git+ssh://git@github.com/o/r@abc", "git+ssh://git@github.com/o/r@abc"]
        ] as const
      ) {
        const old = yield* sourceOf(lockOfKind("pypi", { name: "a", version: "1.0", path: location }))
        const present = yield* sourceOf(lockOf(7, [{ pypi: location, name: "a" }]))
        assert.deepStrictEqual([...old, ...present], [source, source])
      }
      const direct = { name: "a", version: "1.0", url: "direct+https://example.com/files/a-1.0.zip" }
      assert.deepStrictEqual(yield* sourceOf(lockOfKind("pypi", direct)), ["https://example.com/files"])
    }))

  it.effect("has no credentials", () =>
    Effect.gen(function*() {
      const url = "https://user:secret@host"
      const sources = [
        ...(yield* sourceOf(
          lockOf(6, [{ conda: archive(`${url}/ch`) }, { conda: archive("https://host/t/secret/ch") }])
        )),
        ...(yield* sourceOf(lockOf(7, [
          { pypi: `${url}/files/a-1.0.zip`, name: "a" },
          { pypi: `git+${url}/o/r.git#abc`, name: "b" },
          { pypi: "https://host/a-1.0.zip", name: "c", index: `${url}/simple` }
        ]))),
        (yield* failure(lockOf(6, [{ conda: archive(url) }], { packages: [] }))).reason
      ]
      assert.deepStrictEqual(sources.filter((source) => source?.includes("secret")), [])
      assert.deepStrictEqual(sources.slice(0, 4), [
        "https://host/ch",
        "https://host/t/***/ch",
        "https://host/files",
        "git+https://host/o/r.git#abc"
      ])
    }))
})

describe("PixiLockError", () => {
  const conda = "https://conda.anaconda.org/c/noarch/a-1.0-0.conda"
  const environments = { default: { packages: { "linux-64": [{ conda }] } } }

  it.effect("says what is wrong, and where if YAML tells", () =>
    Effect.gen(function*() {
      const nowhere = { line: undefined, column: undefined }
      for (
        const [text, expected] of [
          ["", { reason: "it is not YAML: expected a document, but the input is empty", ...nowhere }],
          ["\n# nothing\n", { reason: "it is not YAML: expected a document, but the input is empty", ...nowhere }],
          ["a: b: c", { reason: "it is not YAML: bad indentation of a mapping entry", line: 1, column: 5 }],
          ["version: 6\nversion: 6\n", { reason: "it is not YAML: duplicated mapping key", line: 2, column: 1 }],
          [
            "version: 6\npackages:\n<<<<<<< HEAD\n- conda: a\n=======\n- conda: b\n>>>>>>> main\n",
            { reason: "it has merge conflict markers", line: 3, column: 1 }
          ],
          ["just text", { reason: "it is not a lock file: it has no `version`", ...nowhere }],
          ["- version: 6", { reason: "it is not a lock file: it has no `version`", ...nowhere }],
          [
            "version https://git-lfs.github.com/spec/v1\noid sha256:50ca\nsize 529115\n",
            { reason: "it is not a lock file: it has no `version`", ...nowhere }
          ],
          ["version: six", { reason: "it is not a lock file: its `version` is not a number", ...nowhere }],
          ["version:", { reason: "it is not a lock file: its `version` is not a number", ...nowhere }],
          ["version: 0", { reason: "its format 0 is unknown", ...nowhere }],
          ["version: 1000", { reason: "its format is 1000, and the newest known format is 7", ...nowhere }],
          [
            "version: 6\npackages: []",
            { reason: "it is not a lock file: at environments: is missing", ...nowhere }
          ],
          [
            lockOf(6, [{ conda }], { packages: [] }),
            { reason: `environment default refers to a package for linux-64 that does not exist: ${conda}`, ...nowhere }
          ],
          [
            lockOf(7, [{ pypi: conda }], { packages: [{ conda }] }),
            { reason: `environment default refers to a package for linux-64 that does not exist: ${conda}`, ...nowhere }
          ],
          [
            lockOf(5, [], { packages: [{ kind: "npm", name: "a", url: conda }] }),
            {
              reason: "it is not a lock file: at packages.0.kind: Expected conda or pypi, actual npm",
              ...nowhere
            }
          ],
          [lockOf(6, [{ pypi: "./a" }]), { reason: "it has a package without a name: ./a", ...nowhere }],
          [
            `version: 3\npackage: [{manager: conda, name: a, version: 1, url: ${conda}}]`,
            { reason: "it is not a lock file: at package.0.platform: is missing", ...nowhere }
          ],
          [
            JSON.stringify({ version: "7", platforms: [{ name: "win-64" }], environments, packages: [{ conda }] }),
            { reason: "environment default has an unknown platform: linux-64", ...nowhere }
          ],
          [
            JSON.stringify({ version: "7", platforms: [{ name: "a-1" }, { name: "a-1" }], environments, packages: [] }),
            { reason: "it has the platform a-1 twice", ...nowhere }
          ],
          [
            JSON.stringify({
              version: "7",
              platforms: [{ name: "a", subdir: "linux-XX" }],
              environments,
              packages: []
            }),
            { reason: "its platform a has an unknown subdirectory: linux-XX", ...nowhere }
          ]
        ] as const
      ) {
        assert.deepStrictEqual(yield* failure(text), expected)
      }
    }))

  it.effect("has a message of one line", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(PixiLock.decode("a: b: c"))
      assert.strictEqual(message, "it is not YAML: bad indentation of a mapping entry (line 1, column 5)")
    }))

  it.effect("is short, however much is wrong", () =>
    Effect.gen(function*() {
      const { reason } = yield* failure(JSON.stringify({ version: "6", environments, packages: "x".repeat(100_000) }))
      assert.isTrue(reason.startsWith("it is not a lock file: at packages: "), reason)
      assert.isBelow(reason.length, 500)
    }))

  it.effect("is what a damaged file leads to, whatever the damage", () =>
    Effect.sync(() => {
      for (const text of formats.map(fixture)) {
        const lines = text.split("\n")
        const damaged = lines.flatMap((line, at) => {
          const replaced = (by: ReadonlyArray<string>) => lines.toSpliced(at, 1, ...by).join("\n")
          const key = line.replace(/(?<=: ).*|(?<=:)$/, "")
          return [
            lines.slice(0, at).join("\n"),
            replaced([]),
            replaced([line, line]),
            replaced([`${key} null`]),
            replaced([`${key} {a: b}`]),
            replaced([`${key} [a]`]),
            replaced([` ${line}`]),
            text.slice(0, lines.slice(0, at).join("\n").length + 5)
          ]
        })
        for (const text of damaged) {
          const exit = Effect.runSyncExit(PixiLock.decode(text))
          if (Exit.isFailure(exit)) assert.propertyVal(exit.cause, "_tag", "Fail", text)
        }
      }
    }))

  it.effect("refuses what multiplies itself by aliases", () =>
    Effect.gen(function*() {
      const names = [..."abcdefghij"]
      const bomb = names.map((name, at) =>
        `${name}: &${name} [${Array.from({ length: 10 }, () => at === 0 ? "x" : `*${names[at - 1]}`).join(",")}]`
      )
      const { reason } = yield* failure(["version: 6", ...bomb, "packages: *j", "environments: *j"].join("\n"))
      assert.include(reason, "aliases")
      assert.include((yield* failure("version: 6\npackages: &a [*a]")).reason, "aliases")
      assert.include((yield* failure("[".repeat(100_000))).reason, "nesting")
    }))

  it.effect("`__proto__` and `constructor` are names like others, and change no object", () =>
    Effect.gen(function*() {
      const text = [
        "version: 6",
        "__proto__: {polluted: yes}",
        "environments:",
        "  __proto__: {packages: {linux-64: []}, polluted: yes}",
        "  constructor: {packages: {__proto__: [], toString: [{pypi: ./a}]}}",
        "packages: [{pypi: ./a, name: __proto__, __proto__: {version: 1.0, polluted: yes}}]"
      ].join("\n")
      assert.deepStrictEqual(yield* rows(text), ["constructor toString pypi __proto__   a"])
      assert.notProperty({}, "polluted")
    }))
})

const corpus = new URL("../../../../../shared/corpus/", import.meta.url)
const present = existsSync(new URL("INDEX.tsv", corpus))

/** Locks that the corpus calls valid, and that are not. */
const notValid: ReadonlyMap<string, string> = new Map([
  [
    "realworld/locks/Deltares-research__FloodAdapt__pixi.lock",
    "was merged by hand: its environments refer to zipp 3.23.0 and urllib3 2.6.3, which are not among its packages"
  ]
])

describe(`the corpus in ../shared/corpus${present ? "" : ", which is not here: passed over"}`, () => {
  const locks = !present ? [] : readFileSync(new URL("INDEX.tsv", corpus), "utf8").split("\n").slice(1)
    .map((line) => line.split("\t"))
    .flatMap(([file = "", kind, , , , expected]) =>
      kind === "pixi.lock" ?
        [{ file, expected, text: readFileSync(new URL(encodeURI(file), corpus), "utf8") }]
        : []
    )

  it.effect.skipIf(!present)("valid locks are read, and invalid ones fail", () =>
    Effect.sync(() => {
      const wrong = locks.flatMap(({ expected, file, text }) => {
        const exit = Effect.runSyncExit(PixiLock.decode(text))
        const outcome = Exit.isSuccess(exit) ? "valid" : exit.cause._tag === "Fail" ? "invalid" : "defect"
        return outcome === expected ? [] : [[file, outcome]]
      })
      assert.deepStrictEqual(wrong, [...notValid.keys()].map((file) => [file, "invalid"]))
      assert.isAbove(locks.length, 100)
    }))

  it.effect.skipIf(!present)(
    "every package has a name and a source, and is no change to itself",
    () =>
      Effect.gen(function*() {
        for (const { expected, file, text } of locks) {
          if (expected !== "valid" || notValid.has(file)) continue
          const entries = yield* PixiLock.decode(text)
          assert.isTrue(Changes.between(entries, entries).isEmpty, file)
          for (const { name, source } of entries) {
            assert.match(name, /^[a-z0-9_][a-z0-9_.-]*$/, file)
            assert.match(source ?? "", /^(?:(?:https?|file|git\+\w+):\/\/\S+[^/]|[^/]+.*[^/]|\.)$/, file)
          }
        }
      })
  )
})
