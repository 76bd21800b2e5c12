import { assert, describe, it } from "@effect/vitest"
import * as Errors from "../src/PackageManagerError.js"
import * as PublicError from "../src/PublicError.js"
import * as PublicText from "../src/PublicText.js"
import { samples } from "./Samples.js"

const directory = "/srv/envs/analysis one"
const context = { manager: "pixi", operation: "install", environment: directory } as const

/** Texts with something that must not be shown, and what is shown. */
const texts: ReadonlyArray<readonly [text: string, shown: string]> = [
  [`${directory}/pixi.toml`, "pixi.toml"],
  [`${directory}/a b/pixi.toml:3:4: no`, "a b/pixi.toml:3:4: no"],
  [`cannot read '${directory}/a b.toml'`, "cannot read 'a b.toml'"],
  [`${directory} is in use`, "mine is in use"],
  [`it is in ${directory}.`, "it is in mine."],
  [`${directory}-secret/x is another one`, "[path] is another one"],
  [`${directory}/../other/x is not inside`, "[path] is not inside"],
  [`file:///srv/envs/analysis%20one/x.whl fails`, "x.whl fails"],
  ["cannot open /home/alice/.netrc: no", "cannot open [path]: no"],
  ["cannot open `/home/alice smith/x`, `/a`", "cannot open `[path]`, `[path]`"],
  ["/home/alice smith/work/x: no", "[path]: no"],
  ["at ~/.config/pip and ~alice/x", "at [path] and [path]"],
  ["PATH=/usr/bin:/home/alice/bin", "PATH=[path]"],
  ["-I/home/alice/include --prefix=/opt/x", "-I[path] --prefix=[path]"],
  ["C:\\Users\\alice\\x.toml: no", "[path]: no"],
  ["in \"C:\\\\Users\\\\alice b\\\\x\" and d:/x/y", "in \"[path]\" and [path]"],
  ["\\\\fileserver\\share\\x", "[path]"],
  ["file:///home/alice/x.whl", "[path]"],
  ["file://fileserver/share/x.whl", "[path]"],
  ["git+file:///home/alice/repo", "[path]"],
  ["https://alice:s3cret@host.example/simple/numpy/ fails", "https://***@host.example/simple/numpy/ fails"],
  ["https://host.example/t/tk-s3cret/channel/linux-64", "https://host.example/t/***/channel/linux-64"],
  ["see (https://host.example/x?token=s3cret&a=b#s3cret).", "see (https://host.example/x)."],
  ["proxy alice:s3cret@proxy.example:3128", "proxy ***@proxy.example:3128"],
  ["Authorization: Bearer s3cret-s3cret", "Authorization: Bearer ***"],
  ["password = \"s3cret\", UV_INDEX_X_PASSWORD=s3cret", "password = \"***\", UV_INDEX_X_PASSWORD=***"],
  ["ghp_s3crets3crets3cret is refused", "*** is refused"],
  // What has nothing to hide stays.
  ["numpy >=1.2,<2 and conda-forge/linux-64: a/b or 1/2", "numpy >=1.2,<2 and conda-forge/linux-64: a/b or 1/2"],
  ["git@github.com:org/repo and name @ ./here", "git@github.com:org/repo and name @ ./here"],
  ["conda-forge::numpy 1!2.0", "conda-forge::numpy 1!2.0"]
]

describe("public texts", () => {
  it.each(texts)("%s", (text, shown) => {
    assert.strictEqual(PublicText.make(directory, "mine").prose(text), shown)
  })

  it("know the paths of Windows in any spelling", () => {
    const { prose, value } = PublicText.make("C:\\envs\\One", "one")
    assert.strictEqual(prose("c:/envs/one/pixi.toml, C:\\\\envs\\\\One"), "pixi.toml, one")
    assert.strictEqual(prose("file:///C:/envs/One/x and C:\\envs\\Other"), "x and [path]")
    assert.strictEqual(value("C:\\envs\\One\\a b"), "a b")
    assert.strictEqual(value("C:\\Program Files\\a b"), "[path]")
  })

  it("know a directory whose name has punctuation", () => {
    const directory = "/srv/my-envs/^a$.*+?()[]{}|-_&%#@!~=,;:'\""
    const { prose, value } = PublicText.make(directory, "mine")
    assert.strictEqual(value(`${directory}/pixi.toml`), "pixi.toml")
    assert.strictEqual(prose(`in ${directory}/pixi.toml`), "in pixi.toml")
    assert.strictEqual(value("/srv/my-envs/other"), "[path]")
  })

  it("without an environment have no path at all", () => {
    for (const nowhere of ["", "/", "relative"]) {
      assert.strictEqual(PublicText.make(nowhere, "one").prose("/srv/x and a/b"), "[path] and a/b")
    }
  })

  it("take no time for long texts", () => {
    const { prose } = PublicText.make(directory, "mine")
    for (const piece of ["/a b", "a:", "https://", "'/", "~", "\\\\", "token="]) {
      const start = performance.now()
      prose(piece.repeat(20_000))
      assert.isBelow(performance.now() - start, 2000, piece)
    }
  })
})

/** What must not be anywhere. */
const secret = "s3cret"

const nasty = [
  `/home/${secret}/x`,
  `see '/home/${secret} b/x' and C:\\Users\\${secret}\\x, ~${secret}/x`,
  `https://a:${secret}@host/t/${secret}/x?token=${secret}`,
  `/home/a b/${secret}`
]

const evidence = {
  command: ["/opt/s3cret/pixi", "add"],
  exitCode: 1,
  signal: null,
  stdout: "s3cret",
  stderr: "s3cret"
}

describe("a public error", () => {
  for (const text of nasty) {
    it(`of every class does not have ${text}`, () => {
      for (const environment of [`/srv/${secret}/envs/mine`, `C:\\${secret}\\mine`]) {
        for (const error of samples({ text, environment, evidence })) {
          const shown = PublicError.of(error)
          const { details, message } = shown
          const all = JSON.stringify(shown)
          assert.notInclude(all, secret, error._tag)
          assert.deepInclude(shown, { _tag: error._tag, manager: "pixi", operation: "install", environment: "mine" })
          assert.strictEqual(shown.isRetryable, Errors.isRetryable(error))
          for (const name of ["evidence", "command", "executable"]) assert.isFalse(name in details)
          assert.notInclude(message, "undefined")
          assert.deepStrictEqual(JSON.parse(all), { ...shown })
        }
      }
    })
  }

  it("keeps what its users need", () => {
    const invalid = new Errors.ManifestInvalid({
      ...context,
      file: `${directory}/pixi.toml`,
      line: 3,
      column: 1,
      reason: `no such key in ${directory}/pixi.toml`,
      hint: "Did you mean tasks?"
    })
    assert.deepStrictEqual(PublicError.of(invalid), {
      _tag: "ManifestInvalid",
      message: "pixi.toml:3:1: no such key in pixi.toml. Did you mean tasks?",
      manager: "pixi",
      operation: "install",
      environment: "analysis one",
      isRetryable: false,
      details: {
        file: "pixi.toml",
        line: 3,
        column: 1,
        reason: "no such key in pixi.toml",
        hint: "Did you mean tasks?"
      }
    })
    const notFound = new Errors.PackageNotFound({ ...context, packages: ["nmupy"], platform: "linux-64" })
    assert.deepInclude(PublicError.of(notFound, { environment: "analysis" }), {
      message:
        "analysis has no channel or index with \"nmupy\" for linux-64: check the name, or add the one that has it",
      environment: "analysis",
      details: { packages: ["nmupy"], platform: "linux-64" }
    })
  })

  it("does not repeat what a program printed", () => {
    const failed = new Errors.CommandFailed({ ...context, evidence, reason: "my s3cret words" })
    assert.strictEqual(PublicError.of(failed).message, "pixi failed in analysis one: exit code 1")
    const build = new Errors.BuildFailed({ ...context, package: "greet", reason: "s3cret" })
    assert.strictEqual(PublicError.of(build).message, "cannot build greet: its build failed")
    const output = new Errors.OutputInvalid({ ...context, evidence, reason: "s3cret" })
    assert.strictEqual(PublicError.of(output).message, "cannot read the output of pixi: it is not as expected")
    const version = { ...context, executable: "/x/pixi", required: "1.0", reason: "it is too old" }
    const old = PublicError.of(new Errors.UnsupportedVersion({ ...version, found: "0.9" }))
    assert.strictEqual(old.message, "pixi: it is too old. Install pixi 1.0 or newer; found \"0.9\".")
    assert.strictEqual(
      PublicError.of(new Errors.UnsupportedVersion({ ...version, found: "s3cret x" })).details.found,
      "unknown"
    )
    const late = new Errors.CommandTimedOut({ ...context, command: ["/x/pixi", "--y", "z"], limit: 1000 })
    assert.deepInclude(PublicError.of(late), { message: "pixi did not end within 1 s", details: { limit: 1000 } })
    const busy = new Errors.EnvironmentBusy({ ...context, holder: null, hint: "process 3 on s3cret may be alive" })
    assert.strictEqual(PublicError.of(busy).message, "analysis one is in use: try again later")
  })

  it("has no name for an environment that is none", () => {
    const nothing = {
      manager: "pixi",
      operation: "version",
      executable: "/x/pixi",
      reason: "there is no such file"
    } as const
    const missing = PublicError.of(new Errors.ExecutableNotFound({ ...nothing, environment: "" }), { environment: "x" })
    assert.strictEqual(missing.environment, "")
    assert.match(missing.message, /^cannot start pixi: there is no such file\. /)
    const root = PublicError.of(new Errors.EnvironmentNotFound({ ...context, environment: "/", reason: "no" }))
    assert.strictEqual(root.environment, "environment")
  })
})
