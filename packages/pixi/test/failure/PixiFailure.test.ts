import type { Result } from "@darb/package-manager/driver/process/CommandResult"
import { evidenceOf } from "@darb/package-manager/driver/process/Evidence"
import * as OperationErrors from "@darb/package-manager/OperationErrors"
import * as Errors from "@darb/package-manager/PackageManagerError"
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as PixiFailure from "../../src/failure/PixiFailure.js"

const manifest = "/ws/pixi.toml"
const lock = "/ws/pixi.lock"
const load = `Failed to load lock file from \`${lock}\``

const result = (options: Partial<Result>): Result => ({
  command: ["pixi", "install", "--manifest-path", manifest],
  pid: 1,
  exitCode: 1,
  signal: null,
  stdout: "",
  stdoutCut: false,
  stderr: "",
  ...options
})

const classify = (options: Partial<Result>, operation: Errors.OperationName = "install") =>
  PixiFailure.classify({ operation, environment: "/ws", manifest, lock, result: result(options) })

/** Class and fields, without those that all classes have; without the reason, unless it is all there is. */
const decisive = (error: Errors.PackageManagerError): readonly [string, Record<string, unknown>] => {
  const encoded = Schema.encodeSync(Errors.PackageManagerError)(error)
  const fields = Object.entries(encoded).filter(([key, value]) =>
    !["_tag", "message", "manager", "operation", "environment", "evidence"].includes(key) && value !== undefined
  )
  const others = fields.filter(([key]) => key !== "reason")
  return [encoded._tag, Object.fromEntries(others.length === 0 ? fields : others)]
}

const failed = (reason: string) => ["CommandFailed", { reason }] as const
const notFound = (name: string, platform = "linux-64") => ["PackageNotFound", { packages: [name], platform }] as const
const invalid = (line: number, column: number) => ["ManifestInvalid", { file: manifest, line, column }] as const
const outdated = ["LockOutdated", { file: lock }] as const
const unsolvable = (...explanation: ReadonlyArray<string>) =>
  ["Unsolvable", { explanation: explanation.join("\n") }] as const

/** Whether the operation of an error declares it. */
const isDeclared = (error: Errors.PackageManagerError): boolean => {
  switch (error.operation) {
    case "init":
      return Schema.is(OperationErrors.InitError)(error)
    case "remove":
      return Schema.is(OperationErrors.RemoveError)(error)
    case "update":
      return Schema.is(OperationErrors.UpdateError)(error)
    case "list":
      return Schema.is(OperationErrors.ListError)(error)
    default:
      return Schema.is(OperationErrors.InstallError)(error)
  }
}

describe("recordings", () => {
  type Expected = ReadonlyArray<readonly [scenario: string, step: number, tag: string, fields: Record<string, unknown>]>

  interface Step {
    readonly argv?: ReadonlyArray<string>
    readonly exit?: number
    readonly stdout: string
    readonly stderr: string
  }

  const operations: Readonly<Record<string, Errors.OperationName>> = {
    init: "init",
    remove: "remove",
    update: "update",
    list: "list"
  }

  // The driver puts `--` before what it was given; not all recordings have it.
  const separated = (argv: ReadonlyArray<string>) =>
    /^(?:add|remove|update)$/.test(argv[0] ?? "") && !argv.includes("--") ? argv.toSpliced(3, 0, "--") : argv

  const errors = (version: string) => {
    const directory = new URL(`../recordings/pixi-${version}/`, import.meta.url)
    const names = fs.readdirSync(directory).map((file) => file.replace(".json", "")).sort()
    return names.flatMap((name) => {
      const text = fs.readFileSync(new URL(`${name}.json`, directory), "utf8")
        .replaceAll("$WS", "/ws").replaceAll("$CHANNEL", "/channel").replaceAll("$TMP", "/tmp")
      const { scenario, steps }: { scenario: string; steps: ReadonlyArray<Step> } = JSON.parse(text)
      return steps.flatMap(({ argv, exit, stderr, stdout }, step) => {
        if (argv === undefined || exit === undefined || exit === 0) return []
        const command = ["pixi", ...separated(argv)]
        const error = classify({ command, exitCode: exit, stdout, stderr }, operations[argv[0] ?? ""])
        return [{ scenario, step, error }]
      })
    })
  }

  const failures = (version: string) =>
    errors(version).map(({ error, scenario, step }) => [scenario, step, ...decisive(error)] as const)

  it("have errors that their operations declare", () => {
    for (const version of ["0.15.2", "0.41.4", "0.77.0"]) {
      for (const { error } of errors(version)) {
        if (isDeclared(error)) continue
        const command = "evidence" in error ? error.evidence?.command.join(" ") ?? "" : ""
        // The driver does not run `list --locked`.
        assert.match(`${error._tag}: ${command}`, /^LockOutdated: .* --(?:locked|frozen|check)/)
      }
    }
  })

  const compare = (version: string, expected: Expected) =>
    it(version, () => assert.deepStrictEqual<Expected>(failures(version), expected))

  const cuda = unsolvable(
    "needs-cuda * cannot be installed because there are no viable options:",
    "└─ needs-cuda 1.0 would require",
    "   └─ __cuda >=99, for which no candidates were found."
  )
  const orphan = unsolvable(
    "orphan * cannot be installed because there are no viable options:",
    "└─ orphan 1.0 would require",
    "   └─ nonexistent >=3, for which no candidates were found."
  )
  const conflict = (app: string) =>
    unsolvable(
      "app ==1.0 cannot be installed because there are no viable options:",
      `└─ ${app} would require`,
      "   └─ greet >=1,<2, for which no candidates were found."
    )
  const oldConflict = unsolvable(
    "The following packages are incompatible",
    "├─ greet ==2.0 can be installed with any of the following options:",
    "│  └─ greet 2.0",
    "└─ app ==1.0 cannot be installed because there are no viable options:",
    "   └─ app 1.0 would require",
    "      └─ greet >=1,<2, which cannot be installed because there are no viable options:",
    "         └─ greet 1.0 | 1.1, which conflicts with the versions reported above."
  )
  const longName = "nonexistent-pkg-with-a-very-long-name-that-must-wrap-somewhere-because-it-is-so-long"
  const unexpected = (argument: string) => failed(`error: unexpected argument '${argument}' found`)
  const unrecognized = (command: string) => failed(`error: unrecognized subcommand '${command}'`)
  const badColor = failed(
    "error: invalid value 'sometimes' for '--color <COLOR>' [possible values: always, never, auto]"
  )
  const noValue = failed("error: a value is required for '--manifest-path <MANIFEST_PATH>' but none was supplied")
  const dnsFailure = "failed to lookup address information: Name or service not known"
  const missingArchive = ["DownloadFailed", { archive: "bad-missing-1.0-0.tar.bz2" }] as const
  const unknownEnvironment = ["InvalidOption", { option: "environment", value: "nope" }] as const

  compare("0.15.2", [
    // It is a dependency already: no class says that, and the driver does not ask for it.
    ["add-already-there", 2, ...failed("greet is already added.")],
    // To pixi, `gr eet==` is a spec of `gr`.
    ["add-bad-spec", 1, ...unsolvable("No candidates were found for gr ==eet =.")],
    ["add-bad-spec", 2, "InvalidSpec", { spec: "==1.0" }],
    ["add-bad-spec", 3, "InvalidSpec", { spec: "greet>>1" }],
    ["add-bad-spec", 4, "InvalidSpec", { spec: "" }],
    ["add-broken-manifest", 1, ...invalid(4, 1)],
    ["add-channel-spec", 1, "InvalidSpec", { spec: "file:///channel::greet" }],
    ["add-conflict", 1, ...oldConflict],
    ["add-conflict-second", 2, ...oldConflict],
    ["add-corrupt-lock", 3, "LockInvalid", { file: lock, line: 3, column: 1 }],
    ["add-cuda", 1, ...cuda],
    ["add-empty-channel", 1, "ChannelUnavailable", { channel: null }],
    ["add-flag-like", 1, ...notFound("--help")],
    ["add-flag-like", 2, ...notFound("-e")],
    ["add-frozen", 1, ...unexpected("--frozen")],
    ["add-frozen", 2, "LockInvalid", { file: lock }],
    [
      "add-http-refused",
      1,
      "NetworkUnavailable",
      {
        reason: "Request error: error sending request for url (http://127.0.0.1:9/chan/linux-64/repodata.json): " +
          "error trying to connect: tcp connect error: Connection refused (os error 111)"
      }
    ],
    ["add-manifest-directory", 1, "ManifestInvalid", { file: manifest }],
    ["add-missing-archive", 1, ...missingArchive],
    ["add-missing-channel", 1, "ChannelUnavailable", { channel: null }],
    ["add-nested-not-found", 1, ...orphan],
    ["add-newer-lock", 3, "LockInvalid", { file: lock }],
    // The manifest is what is not there, but the text does not say so.
    ["add-no-manifest", 0, "StorageFailed", { file: null }],
    ["add-not-found", 1, ...notFound("nonexistent-pkg")],
    [
      "add-pypi",
      1,
      "NetworkUnavailable",
      {
        reason: "Middleware error: Request error: error sending request for url " +
          "(https://raw.githubusercontent.com/regro/cf-graph-countyfair/master/mappings/pypi/name_mapping.json): " +
          `error trying to connect: dns error: ${dnsFailure}`
      }
    ],
    ["add-unknown-key", 1, ...invalid(5, 1)],
    ["add-version-not-found", 1, ...unsolvable("No candidates were found for greet >=9.")],
    // The channel has it for linux-64, and the environment is for osx-arm64: the text is the same.
    ["add-wrong-platform", 1, ...notFound("linux-only", "osx-arm64")],
    ["add-wrong-platform", 2, "PlatformUnsupported", { platform: "linux-64" }],
    ["clean", 2, ...unrecognized("clean")],
    ["env-color-invalid", 2, ...badColor],
    ["env-frozen", 2, "LockInvalid", { file: lock }],
    ["init-beside-pyproject-format-pixi", 1, ...unexpected("--format")],
    ["init-exists", 1, "EnvironmentExists", { manifest }],
    ["init-format-pixi", 0, ...unexpected("--format")],
    ["init-format-pyproject", 0, ...unexpected("--format")],
    ["init-unwritable-parent-is-file", 1, "StorageFailed", { file: "/ws" }],
    ["install-frozen-no-lock", 1, "LockInvalid", { file: lock }],
    ["install-frozen-no-lock", 2, ...outdated],
    ["install-locked-outdated", 3, ...outdated],
    ["list", 4, ...unexpected("--no-lockfile-update")],
    ["list-explicit", 2, ...unexpected("--explicit")],
    ["list-outdated-lock", 4, ...outdated],
    ["list-unknown-env", 2, ...unknownEnvironment],
    ["lock", 1, ...unrecognized("lock")],
    ["lock", 2, ...unrecognized("lock")],
    ["lock", 3, ...unrecognized("lock")],
    ["no-nowrap-long-error", 2, ...notFound(longName)],
    ["remove-missing", 2, "DependencyNotFound", { packages: ["libleaf"] }],
    ["remove-some-missing", 2, "DependencyNotFound", { packages: ["libleaf"] }],
    // Not a version that is too old, but one that does not know the key.
    ["requires-pixi", 1, ...invalid(5, 1)],
    ["run", 3, ...failed("exit code 3 without an error message")],
    ["run", 4, ...failed("nosuchcommand: command not found")],
    ["shell-hook", 3, ...unexpected("--json")],
    ["tree", 2, ...unrecognized("tree")],
    ["update", 3, ...unrecognized("update")],
    ["update-json", 3, ...unrecognized("update")],
    ["update-json", 4, ...unrecognized("update")],
    ["update-json", 5, ...unrecognized("update")],
    ["update-one", 3, ...unrecognized("update")],
    ["update-one", 4, ...unrecognized("update")],
    ["usage-errors", 0, ...failed("Usage: pixi add [OPTIONS] <SPECS>...")],
    ["usage-errors", 1, ...unrecognized("nonsense")],
    ["usage-errors", 2, ...unexpected("--nonsense")],
    ["usage-errors", 3, ...noValue],
    ["usage-errors", 4, ...failed("Usage: pixi [OPTIONS] <COMMAND>")]
  ])

  compare("0.41.4", [
    ["add-bad-spec", 1, ...unsolvable("No candidates were found for gr ==eet =.")],
    ["add-bad-spec", 2, "InvalidSpec", { spec: "==1.0" }],
    ["add-bad-spec", 3, "InvalidSpec", { spec: "greet>>1" }],
    ["add-bad-spec", 4, "InvalidSpec", { spec: "" }],
    ["add-broken-manifest", 1, ...invalid(4, 1)],
    ["add-conflict", 1, ...conflict("app 1.0")],
    ["add-conflict-second", 2, ...conflict("app 1.0 | 1.0")],
    ["add-corrupt-lock", 3, "LockInvalid", { file: lock, line: 3, column: 1 }],
    ["add-cuda", 1, ...cuda],
    ["add-empty-channel", 1, "ChannelUnavailable", { channel: "file:///tmp/emptychan" }],
    ["add-flag-like", 1, ...notFound("--help")],
    ["add-flag-like", 2, ...notFound("-e")],
    [
      "add-http-refused",
      1,
      "NetworkUnavailable",
      {
        reason: "error sending request for url (http://127.0.0.1:9/chan/noarch/repodata.json): " +
          "Connection refused (os error 111)"
      }
    ],
    ["add-missing-archive", 1, ...missingArchive],
    ["add-missing-channel", 1, "ChannelUnavailable", { channel: "file:///tmp/nochannel" }],
    ["add-nested-not-found", 1, ...orphan],
    ["add-newer-lock", 3, "LockInvalid", { file: lock }],
    [
      "add-no-manifest",
      0,
      "EnvironmentNotFound",
      { reason: "unable to canonicalize '/ws/pixi.toml': No such file or directory (os error 2)" }
    ],
    ["add-not-found", 1, ...notFound("nonexistent-pkg")],
    [
      "add-pypi",
      1,
      "NetworkUnavailable",
      {
        reason: "failed to download pypi mapping from https://raw.githubusercontent.com/prefix-dev/parselmouth/main/" +
          `files/compressed_mapping.json location: ${dnsFailure}`
      }
    ],
    ["add-unknown-key", 1, ...invalid(5, 1)],
    ["add-version-not-found", 1, ...unsolvable("No candidates were found for greet >=9.")],
    ["add-wrong-platform", 1, ...notFound("linux-only", "osx-arm64")],
    ["env-color-invalid", 2, ...badColor],
    ["env-frozen", 2, ...outdated],
    ["init-beside-pyproject", 1, ...failed("IO error: not a terminal")],
    ["init-exists", 1, "EnvironmentExists", { manifest }],
    ["init-unwritable-parent-is-file", 1, "StorageFailed", { file: null }],
    ["install-frozen-no-lock", 1, ...outdated],
    ["install-frozen-no-lock", 2, ...outdated],
    ["install-locked-outdated", 3, ...outdated],
    ["list-outdated-lock", 4, ...outdated],
    ["list-unknown-env", 2, ...unknownEnvironment],
    ["lock", 3, ...unexpected("--check")],
    ["no-nowrap-long-error", 2, ...notFound(longName)],
    ["requires-pixi", 1, ...invalid(5, 1)],
    ["run", 3, ...failed("exit code 3 without an error message")],
    ["run", 4, ...failed("nosuchcommand: command not found")],
    ["update-one", 4, "DependencyNotFound", { packages: ["nope"] }],
    ["usage-errors", 0, ...failed("error: the following required arguments were not provided: <SPECS>...")],
    ["usage-errors", 1, ...unrecognized("nonsense")],
    ["usage-errors", 2, ...unexpected("--nonsense")],
    ["usage-errors", 3, ...noValue],
    [
      "usage-errors",
      4,
      ...failed(
        "error: 'pixi' requires a subcommand but one was not provided [subcommands: init, add, a, remove, rm, " +
          "install, i, update, upgrade, lock, run, r, exec, x, shell, s, shell-hook, project, task, list, ls, tree, " +
          "t, global, g, auth, config, info, upload, search, self-update, clean, completion, build, help]"
      )
    ]
  ])

  compare("0.77.0", [
    ["add-bad-spec", 1, ...unsolvable("No candidates were found for gr ==eet =.")],
    ["add-bad-spec", 2, "InvalidSpec", { spec: "==1.0" }],
    ["add-bad-spec", 3, "InvalidSpec", { spec: "greet>>1" }],
    ["add-bad-spec", 4, "InvalidSpec", { spec: "" }],
    ["add-broken-manifest", 1, ...invalid(4, 1)],
    ["add-conflict", 1, ...conflict("app 1.0")],
    ["add-conflict-second", 2, ...conflict("app 1.0")],
    ["add-corrupt-lock", 3, "LockInvalid", { file: lock, line: 3, column: 1 }],
    ["add-cuda", 1, ...cuda],
    ["add-empty-channel", 1, "ChannelUnavailable", { channel: "file:///tmp/emptychan" }],
    ["add-flag-like", 1, ...notFound("--help")],
    ["add-flag-like", 2, ...notFound("-e")],
    ["add-frozen", 2, ...unexpected("--no-lockfile-update")],
    [
      "add-http-refused",
      1,
      "NetworkUnavailable",
      {
        reason: "error sending request for url (http://127.0.0.1:9/chan/linux-64/repodata_shards.msgpack.zst): " +
          "Connection refused (os error 111)"
      }
    ],
    ["add-missing-archive", 1, ...missingArchive],
    ["add-missing-channel", 1, "ChannelUnavailable", { channel: "file:///tmp/nochannel" }],
    ["add-nested-not-found", 1, ...orphan],
    [
      "add-no-manifest",
      0,
      "EnvironmentNotFound",
      { reason: "unable to canonicalize '/ws/pixi.toml': No such file or directory (os error 2)" }
    ],
    ["add-not-found", 1, ...notFound("nonexistent-pkg")],
    ["add-pypi", 1, ...unsolvable("No Python interpreter found in the dependencies", "Try: pixi add python")],
    ["add-unknown-key", 1, ...invalid(5, 1)],
    ["add-version-not-found", 1, ...unsolvable("No candidates were found for greet >=9.")],
    ["add-wrong-platform", 1, ...notFound("linux-only", "osx-arm64")],
    ["env-color-invalid", 2, ...badColor],
    ["env-frozen", 2, ...outdated],
    ["init-beside-pyproject", 1, ...failed("IO error: not a terminal")],
    ["init-exists", 1, "EnvironmentExists", { manifest }],
    ["init-unwritable-parent-is-file", 1, "StorageFailed", { file: "/tmp/afile/ws" }],
    ["install-frozen-no-lock", 1, ...outdated],
    ["install-frozen-no-lock", 2, ...outdated],
    ["install-locked-outdated", 3, ...outdated],
    ["list", 3, ...failed("error: the argument '--json' cannot be used multiple times")],
    ["list", 4, ...unexpected("--no-lockfile-update")],
    ["list-outdated-lock", 4, ...outdated],
    ["list-unknown-env", 2, ...unknownEnvironment],
    ["no-nowrap-long-error", 2, ...notFound(longName)],
    ["remove-missing", 2, "DependencyNotFound", { packages: ["libleaf"] }],
    ["remove-some-missing", 2, "DependencyNotFound", { packages: ["libleaf"] }],
    ["run", 3, ...failed("exit code 3 without an error message")],
    ["run", 4, ...failed("nosuchcommand: command not found")],
    ["update-one", 4, "DependencyNotFound", { packages: ["nope"] }],
    ["usage-errors", 0, ...failed("error: the following required arguments were not provided: <SPEC>...")],
    ["usage-errors", 1, ...unrecognized("nonsense")],
    ["usage-errors", 2, ...unexpected("--nonsense")],
    ["usage-errors", 3, ...noValue],
    ["usage-errors", 4, ...failed("exit code 2 without an error message")]
  ])
})

/** Draws a report as pixi does. */
const draw = (
  [first = "", ...others]: ReadonlyArray<string>,
  options: { readonly head: string; readonly wraps: boolean; readonly help?: string | undefined }
): string => {
  const part = (text: string, start: string, rest: string) =>
    text.split("\n")
      .flatMap((line) => options.wraps ? wrap(line, 78 - rest.length) : [line])
      .map((line, index) => (index === 0 ? start : rest) + line)
  const causes = others.flatMap((cause, index) =>
    index === others.length - 1 ? part(cause, "  ╰─▶ ", "      ") : part(cause, "  ├─▶ ", "  │   ")
  )
  const help = options.help === undefined ? [] : part(options.help, "  help: ", "        ")
  return `${options.head}${[...part(first, "  × ", "  │ "), ...causes, ...help].join("\n")}\n\n\n`
}

/** As the library does that pixi draws with: at spaces, after hyphens and slashes, and within what is too long. */
const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  const pieces = text.split(/(?<=\s)|(?<=[a-z0-9]-)(?=[a-z0-9])|(?<=\/)(?=[^\s/])/i)
    .flatMap((piece) => piece.match(new RegExp(`.{1,${width}}`, "g")) ?? [])
  for (const piece of pieces) {
    if (line !== "" && (line + piece.trimEnd()).length > width) {
      lines.push(line.trimEnd())
      line = ""
    }
    line += piece
  }
  return [...lines, line.trimEnd()]
}

describe("wordings of all versions, in all layouts, wrapped or not", () => {
  interface Case {
    readonly operation?: Errors.OperationName
    readonly operands?: ReadonlyArray<string>
    readonly help?: string
  }

  const heads = { "0.15": "", "0.39": "Error: \n", "0.50": "Error: " }

  const compare = (
    name: string,
    expected: readonly [tag: string, fields: Record<string, unknown>],
    causes: ReadonlyArray<string>,
    { help, operands = [], operation = "install" }: Case = {}
  ) =>
    it(`${name}: ${causes[0]}`, () => {
      const command = [
        "pixi",
        operation === "install" ? "add" : operation,
        "--manifest-path",
        manifest,
        "--",
        ...operands
      ]
      for (const head of Object.values(heads)) {
        for (const wraps of [false, true]) {
          const stderr = draw(causes, { head, wraps, help })
          assert.deepStrictEqual(decisive(classify({ command, stderr }, operation)), expected, stderr)
        }
      }
    })

  const noEnvironment = (reason: string) => compare("no manifest", ["EnvironmentNotFound", { reason }], [reason])
  noEnvironment("could not find pixi.toml")
  noEnvironment("could not find pixi.toml or pyproject.toml which is configured to use pixi")
  noEnvironment("could not find pixi.toml or pyproject.toml at directory /home/a/very-long/path/to/the-directory/ws")
  noEnvironment("could not find pixi.toml or pyproject.toml with tool.pixi at directory /ws")
  noEnvironment("found pyproject.toml without tool.pixi section at directory /ws")
  noEnvironment("manifest path does not exist at /ws/pixi.toml")
  noEnvironment("no file was found at /ws/pixi.toml")
  noEnvironment("could not find '/ws/pixi.toml'")

  const noPlace = ["ManifestInvalid", { file: manifest }] as const
  compare("0.17", noPlace, ["failed to parse pixi.toml from /ws", "failed to parse project manifest"])
  compare("0.18", noPlace, ["failed to parse project manifest"])
  compare("0.18", noPlace, ["unrecognized manifest file: /ws/pixi.yaml"])
  compare("0.30", noPlace, ["Missing table `[tool.pixi.project]`. Try running `pixi init`"])
  compare("0.40", noPlace, ["failed to parse project from /ws/pixi.toml: Missing field `name`"])
  compare("0.41", noPlace, ["unrecognized manifest file format. Expected either pixi.toml or pyproject.toml."])

  const needs = (found: string) => ["UnsupportedVersion", { executable: "pixi", found, required: ">=0.99" }] as const
  compare("0.44", needs("0.44.0"), ["workspace requires pixi '>=0.99', but I am 0.44.0"])
  compare("0.70", needs("0.70.1"), ["this project requires pixi '>=0.99', but you have pixi 0.70.1"])

  compare("0.30", outdated, ["lock-file not up-to-date with the project"])
  compare("0.30", outdated, ["the lockfile is not up-to-date with requested environment: 'default'"])
  compare("0.35", outdated, ["the lockfile is not up-to-date with the requested platform: 'linux-64'"])
  compare("0.60", outdated, ["lock-file not up-to-date with the workspace"])
  compare("0.70", outdated, ["the lock file is not up-to-date with requested environment: 'default'"])

  const badLock = ["LockInvalid", { file: lock }] as const
  compare("0.15", badLock, ["missing `version` field in lock file"])
  compare("0.15", badLock, ["control characters are not allowed"])
  compare("0.15", ["LockInvalid", { file: lock, line: 2, column: 8 }], [
    "mapping values are not allowed in this context at line 2 column 8"
  ])
  compare("0.29", badLock, [
    load,
    "found newer lockfile format version 6, but only up to including version 5 is supported."
  ])
  compare("0.55", badLock, [
    load,
    "The lock file version is 7, but only up to including version 6 is supported by the current version."
  ], { help: "Please update pixi to the latest version and try again." })
  compare("0.60", badLock, ["Lock-file version 7 is newer than supported"])
  compare("0.60", badLock, [load, "some information from the lockfile could not be parsed"])
  compare("0.60", ["StorageFailed", { file: lock }], [load, "Permission denied (os error 13)"])

  compare("0.24", notFound("some-package-with-hyphens"), [
    "could not determine any available versions for a, some-package-with-hyphens on linux-64. Either the package " +
    "could not be found or version constraints on other dependencies result in a conflict.",
    "Cannot solve the request because of: No candidates were found for some-package-with-hyphens *."
  ])
  const solver = (cause: string) => `Cannot solve the request because of: ${cause}`
  const conda = "failed to solve the conda requirements of 'default' 'linux-64'"
  compare("0.29", notFound("nope"), [conda, solver("No candidates were found for nope *.")])
  compare("0.50", unsolvable("No candidates were found for greet >=9 py_*."), [
    "failed to solve 'default' for linux-64",
    "failed to solve the environment",
    solver("No candidates were found for greet >=9 py_*.")
  ])
  const tree = [
    "The following packages are incompatible",
    "├─ numpy 2.* can be installed with any of the following options:",
    "│  └─ numpy 2.0.0 | 2.0.1",
    "└─ scipy-with-a-long-name >=1.10,<1.11 cannot be installed because there are no viable options:",
    "   └─ scipy-with-a-long-name 1.10.0, which conflicts with the versions reported above."
  ]
  compare("0.35", unsolvable(...tree), [conda, solver(tree.join("\n"))])
  const because =
    "Because nope was not found in the package registry and you require nope, we can conclude that your " +
    "requirements are unsatisfiable."
  compare("0.29", unsolvable(because), [
    "failed to solve the pypi requirements of 'default' 'linux-64'",
    "failed to resolve pypi dependencies",
    because
  ])
  // What else stops the solver is no property of the dependencies.
  compare("0.60", failed(`${conda}: the operation was cancelled`), [
    conda,
    "failed to solve the environment",
    "the operation was cancelled"
  ])
  compare("0.60", failed("failed to solve the pypi requirements of 'default' 'linux-64': Failed to build `x==1.0`"), [
    "failed to solve the pypi requirements of 'default' 'linux-64'",
    "Failed to build `x==1.0`"
  ])

  const platform = (platform: string | null) => ["PlatformUnsupported", { platform }] as const
  compare("0.18", platform("linux-64"), ["the project does not support 'linux-64'"], {
    help: "supported platforms are osx-64, osx-arm64"
  })
  compare("0.35", platform("linux-aarch64"), [
    "The project does not support 'linux-aarch64'.\nAdd it with 'pixi project platform add linux-aarch64'."
  ])
  compare("0.65", platform("linux-64"), ["The workspace does not support 'linux-64'"])
  compare("0.65", platform("linux-64"), ["the environment 'test' does not support 'linux-64'"])
  compare("0.71", platform(null), [
    "Cannot install environment 'default': no platform supported by it matches the current system"
  ])
  compare("0.45", platform(null), [
    "The current platform does not satisfy the minimal virtual package requirements",
    "Virtual package '__cuda=12' does not match any of the available virtual packages on your machine: [__unix=0]"
  ])
  compare("0.77", platform("nonsense"), [
    "'nonsense' is not a known platform. Valid platforms are 'noarch', 'linux-32'"
  ], {
    operation: "init"
  })

  const channel = (channel: string) => ["ChannelUnavailable", { channel }] as const
  const subdir = "could not find subdir 'noarch' in channel 'https://conda.anaconda.org/a-channel-of-a-long-name/'"
  const gone = "HTTP status client error (404 Not Found) for url (https://conda.anaconda.org/a/noarch/repodata.json)"
  compare("0.23", channel("https://conda.anaconda.org/a-channel-of-a-long-name"), [subdir, gone])
  compare("0.60", channel("https://conda.anaconda.org/a-channel-of-a-long-name"), [conda, subdir, gone])
  compare("0.60", channel("https://conda.anaconda.org/other"), [
    conda,
    "Package 'nope' requested unavailable channel 'https://conda.anaconda.org/other/'"
  ])
  compare("0.41", channel("https://example.org/a-channel"), [
    "failed to download https://example.org/a-channel/noarch/repodata.json.zst",
    "Unknown frame descriptor"
  ])
  compare("0.45", ["InvalidOption", { option: "channels", value: "./a b" }], ["invalid channel './a b'"])
  compare("0.60", ["InvalidOption", { option: "channels", value: "./a b" }], [
    "the channel './a b' could not be resolved"
  ])
  compare("0.35", ["InvalidOption", { option: "environment", value: "test" }], [
    "could not find an environment named test"
  ], { operation: "update" })

  const archive = "numpy-with-a-very-long-name-2.1.0-py312h58c1407_0.conda"
  const download = (host: string) => `https://${host}/conda-forge/linux-64/${archive}`
  const incomplete = ["DownloadFailed", { archive }] as const
  const fetch = [`failed to fetch ${archive}`, "failed to interact with the package cache layer."]
  compare("0.22", incomplete, [
    `failed to download package ${download("conda.anaconda.org")}`,
    `HTTP status client error (404 Not Found) for url (${download("conda.anaconda.org")})`
  ])
  compare("0.60", incomplete, [...fetch, `HTTP status client error (404 Not Found) for url (${download("a.org")})`])
  compare("0.60", incomplete, [
    ...fetch,
    `hash mismatch when extracting ${download("a.org")} to /cache/pkgs/.numpy: expected ${"0".repeat(64)}, got ` +
    `${"1".repeat(64)}, total size 271 bytes`
  ])
  const network = (reason: string) => ["NetworkUnavailable", { reason }] as const
  const unavailable = `HTTP status server error (503 Service Unavailable) for url (${download("a.org")})`
  compare("0.60", network(unavailable), [...fetch, unavailable])
  compare("0.60", network(`error sending request for url (${download("a.org")}): operation timed out`), [
    ...fetch,
    "Request failed after 3 retries",
    `error sending request for url (${download("a.org")})`,
    "operation timed out"
  ])
  compare("0.60", ["StorageFailed", { file: null }], [
    ...fetch,
    "an io error occurred: No space left on device (os error 28)",
    "No space left on device (os error 28)"
  ])
  const denied = "HTTP status client error (403 Forbidden) for url (https://a.org/t/***/private/noarch/repodata.json)"
  compare("0.30", ["Unauthorized", { reason: denied }], [denied])
  compare("0.60", ["Unauthorized", { reason: denied }], [conda, denied])
  compare("0.60", ["Unauthorized", { reason: denied }], [...fetch, denied])
  const shards = "error sending request for url (https://a.org/chan/noarch/repodata_shards.msgpack.zst)"
  compare("0.60", network(`${shards}: invalid peer certificate: UnknownIssuer`), [
    conda,
    "Request failed after 3 retries",
    shards,
    "client error (Connect)",
    "invalid peer certificate: UnknownIssuer"
  ])
  const offline = "pixi is running in offline mode and only uses locally cached data."
  compare("0.74", network(offline), [
    conda,
    "failed to solve the environment",
    solver("No candidates were found for greet *.")
  ], { help: offline })
  compare("0.74", network("network access is disabled by offline mode"), [
    ...fetch,
    "network access is disabled by offline mode"
  ])

  const storage = (file: string | null) => ["StorageFailed", { file }] as const
  compare("0.15", storage(lock), ["failed to write lock-file to disk", "No space left on device (os error 28)"])
  compare("0.77", storage(lock), ["failed to write lock file to disk", "Read-only file system (os error 30)"])
  compare("0.41", storage("/a/very/long/path/to/the/directory/of/ws/.pixi"), [
    "Failed to create .pixi/ directory at /a/very/long/path/to/the/directory/of/ws/.pixi",
    "Read-only file system (os error 30)"
  ])
  compare("0.77", storage("/ws/.pixi/envs/default"), [
    "failed to acquire install lock on prefix '/ws/.pixi/envs/default'",
    "Permission denied (os error 13)"
  ])
  compare("0.77", storage(null), ["failed to link greet-1.0-0", "Operation not permitted (os error 1)"])
  compare("0.29", storage("/parent/missing"), [
    "Cannot find '/parent/missing' please make sure the folder is reachable"
  ], { operation: "init" })

  const given = ["numpy>=2", "greet>>1"]
  const badSpec = (spec: string) => ["InvalidSpec", { spec }] as const
  compare("0.18", badSpec("greet>>1"), ["Unable to parse version spec: >>1"], { operands: given })
  compare("0.29", badSpec("greet>>1"), ["unable to parse version spec: >>1"], { operands: given })
  compare("0.24", badSpec("==1.0"), ["missing package name for spec '==1.0'"], { operands: ["==1.0"] })
  compare("0.60", badSpec("*[md5=0]"), ["could not find package name in MatchSpec *[md5=0]"], { operands: ["a", "b"] })
  compare("0.70", badSpec("no$pe>=1"), [
    "invalid package name 'no$pe': 'no$pe' is not a valid package name. Package names can only contain 0-9, a-z, " +
    "A-Z, -, _, or .",
    "'no$pe' is not a valid package name. Package names can only contain 0-9, a-z, A-Z, -, _, or ."
  ], { operands: ["greet", "no$pe>=1"] })
  compare("0.77", badSpec("g*"), [
    "\"g*\" looks like a glob but only exact package names are allowed, package names can only " +
    "contain 0-9, a-z, A-Z, -, _, or ."
  ], { operands: ["g*"] })
  compare("0.60", badSpec("numpy>=2 greet>>1"), ["invalid version constraint: invalid operator '>>'"], {
    operands: given
  })
  // Nobody has given a spec to a list.
  compare("0.60", failed("missing package name"), ["missing package name"], { operation: "list" })

  const noDependency = ["DependencyNotFound", { packages: ["libleaf"] }] as const
  const removing: Case = { operation: "remove", operands: ["libleaf"] }
  compare("0.18", noDependency, ["libleaf is missing"], removing)
  compare("0.22", noDependency, ["Dependency libleaf is missing."], removing)
  compare("0.29", noDependency, ["dependency libleaf is missing."], removing)
  compare("0.29", noDependency, ["spec type dependencies is missing."], removing)
  compare("0.30", noDependency, ["failed to remove dependency: 'libleaf'", "dependency libleaf is missing."], removing)
  compare("0.60", noDependency, [
    "failed to remove PyPI dependency: 'libleaf'",
    "spec type pypi-dependencies is missing."
  ], removing)
  compare("0.70", noDependency, ["dependency `libleaf` was not found in dependencies"], {
    ...removing,
    help: "did you mean `libleaf2`?"
  })
  compare("0.23", noDependency, ["could not find a package named 'libleaf'"], {
    operation: "update",
    operands: ["libleaf"]
  })
  compare("0.41", failed("Cannot remove Python while PyPI dependencies exist."), [
    "Cannot remove Python while PyPI dependencies exist."
  ], removing)
})

describe("what does not mislead", () => {
  const warning = [
    " WARN Encountered 1 warning while parsing the manifest:",
    "  ⚠ The `project` field is deprecated. Use `workspace` instead.",
    `   ╭─[${manifest}:1:1]`,
    " 1 │ ╭─▶ [project]",
    " 2 │ ├─▶ name = \"x\"",
    "   · ╰──── replace this with 'workspace'",
    " 3 │     [dependencies]",
    "   ╰────",
    "  help: Run it again",
    "",
    ""
  ].join("\n")
  const noCandidates = "Error:   × failed to solve requirements of environment 'default' for platform 'linux-64'\n" +
    "  ├─▶   × failed to solve the environment\n\n" +
    "  ╰─▶ Cannot solve the request because of: No candidates were found for nope *.\n\n\n"

  it("a warning that is drawn like a parse error", () => {
    assert.deepStrictEqual(decisive(classify({ stderr: warning + noCandidates })), notFound("nope"))
    assert.deepStrictEqual(PixiFailure.report(warning + noCandidates).position, undefined)
    assert.deepStrictEqual(PixiFailure.report(warning + noCandidates).help, undefined)
    assert.deepStrictEqual(
      decisive(classify({ stderr: `${warning}  × ${load}\n  ╰─▶ did not find expected ',' at line 3 column 1\n` })),
      ["LockInvalid", { file: lock, line: 3, column: 1 }]
    )
  })

  it("a label of two lines", () => {
    const stderr = `  × failed to parse pixi.toml from /e
  ╰─▶ failed to parse project manifest
   ╭─[pixi.toml:7:5]
 6 │ [dependencies]
 7 │ a = x
   ·     ┬
   ·     ╰─┤ invalid string
   ·       │ expected \`"\`, \`'\`
   ╰────
`
    assert.deepStrictEqual(PixiFailure.report(stderr).labels, ["invalid string expected `\"`, `'`"])
  })

  it("a place in the manifest that pixi fails to draw", () => {
    const stderr = "Error: \n  × expected a table key, found a right brace\n" +
      "  [Failed to read contents for label `<none>` (offset: 121, length: 13): OutOfBounds]\n\n"
    assert.deepInclude({ ...classify({ stderr }) }, {
      _tag: "ManifestInvalid",
      file: manifest,
      reason: "expected a table key, found a right brace"
    })
  })

  it("a prefix that was moved", () => {
    for (
      const stderr of [
        "  × the project location seems to be change from `/tmp/e/.pixi/\n  │ envs/default` to `/tmp/f/.pixi/envs/default`, " +
        "this is not\n  │ allowed.\n  │ Please remove the `.pixi` folder and run again\n\n",
        "  × The environment directory has moved from `/tmp/e/.pixi/envs/default` to `/tmp/f/.pixi/\n  │ envs/default`. " +
        "Environments are non-relocatable, moving them can cause issues.\n  help: Remove the environment directory\n"
      ]
    ) {
      assert.deepInclude({ ...classify({ stderr }) }, {
        _tag: "StorageFailed",
        file: "/ws/.pixi",
        reason: "it was installed in /tmp/e/.pixi/envs/default, and works only there; use clean and install again"
      })
    }
  })

  it("lines of a log", () => {
    const log = [
      "ERROR rattler_repodata_gateway::fetch: error=repodata not found",
      "ERROR rattler_repodata_gateway::fetch: error=Request error: error sending request for url (http://a/b)",
      " WARN pixi::environment: lock-file not up-to-date with the project",
      " INFO Permission denied (os error 13)",
      ""
    ].join("\n")
    assert.deepStrictEqual(decisive(classify({ stderr: log + noCandidates })), notFound("nope"))
    assert.deepStrictEqual(decisive(classify({ stderr: log + noCandidates.slice("Error: ".length) })), notFound("nope"))
    assert.deepStrictEqual(decisive(classify({ stderr: log })), failed("exit code 1 without an error message"))
  })

  it("the trace of a parser, or what a child prints, before the report", () => {
    const trace = "0: at line 1, in Digit:\n>>1\n ^\n\n\nError: no space left on device\n  x No such file\n"
    assert.deepStrictEqual(decisive(classify({ stderr: trace + noCandidates })), notFound("nope"))
  })

  it("a signal, whatever was printed before", () => {
    const error = classify({ exitCode: null, signal: "SIGKILL", stderr: noCandidates })
    assert.deepStrictEqual(decisive(error), ["CommandKilled", { signal: "SIGKILL" }])
  })

  it("a mark in another file", () => {
    const stderr = "Error:   × something is wrong\n   ╭─[/ws/recipe.yaml:3:1]\n 3 │ x\n   ╰────\n"
    assert.deepStrictEqual(decisive(classify({ stderr })), failed("something is wrong"))
  })
})

describe("reports", () => {
  it("of one line each, with what the marks say", () => {
    const stderr = [
      "Error:   × this project requires pixi '>=99', but you have pixi 0.77.0",
      "   ╭─[/ws/pixi.toml:2:18]",
      " 1 │ [workspace]",
      " 2 │ requires-pixi = \">=99\"",
      "   ·                  ──┬─",
      "   ·                    ╰── this version requirement is not satisfied",
      " 3 │ channels = [\"x\"]",
      "   ╰────",
      "  help: install a version of pixi that satisfies '>=99'",
      "        or another one",
      ""
    ].join("\n")
    assert.deepStrictEqual(PixiFailure.report(stderr), {
      causes: ["this project requires pixi '>=99', but you have pixi 0.77.0"],
      help: "install a version of pixi that satisfies '>=99' or another one",
      labels: ["this version requirement is not satisfied"],
      position: { file: manifest, line: 2, column: 18 }
    })
    assert.deepStrictEqual(decisive(classify({ stderr }))[0], "UnsupportedVersion")
  })

  it("with the name of a diagnostic, paragraphs and a list", () => {
    const stderr = [
      "Error: unsupported-platform",
      "",
      "  × Cannot install environment 'default'",
      "  ╰─▶ The workspace does not support 'linux-64' on this machine.",
      "",
      "      Declared platforms and why none runs here:",
      "        - osx-arm64: requires subdir 'osx-arm64', which this machine can't run",
      "",
      "      Add it with 'pixi workspace platform add linux-64'.",
      "  help: supported platforms are osx-arm64",
      ""
    ].join("\n")
    assert.deepStrictEqual(PixiFailure.report(stderr), {
      causes: [
        "Cannot install environment 'default'",
        "The workspace does not support 'linux-64' on this machine.\n" +
        "Declared platforms and why none runs here:\n" +
        "  - osx-arm64: requires subdir 'osx-arm64', which this machine can't run\n" +
        "Add it with 'pixi workspace platform add linux-64'."
      ],
      help: "supported platforms are osx-arm64",
      labels: [],
      position: undefined
    })
    assert.deepStrictEqual(decisive(classify({ stderr })), ["PlatformUnsupported", { platform: "linux-64" }])
  })

  it("within reports, wrapped, with a help of their own", () => {
    const stderr = [
      "Error:   × failed to solve requirements of environment 'default' for platform 'linux-",
      "  │ 64'",
      "  ╰─▶   × Package 'nope' requested unavailable channel 'https://conda.anaconda.org/",
      "        │ other/'",
      "        help: To add the missing channel to a workspace, use:",
      "  ",
      "                pixi workspace channel add https://conda.anaconda.org/other/",
      ""
    ].join("\n")
    assert.deepStrictEqual(PixiFailure.report(stderr), {
      causes: [
        "failed to solve requirements of environment 'default' for platform 'linux-64'",
        "Package 'nope' requested unavailable channel 'https://conda.anaconda.org/other/'"
      ],
      help: "To add the missing channel to a workspace, use:\n" +
        "pixi workspace channel add https://conda.anaconda.org/other/",
      labels: [],
      position: undefined
    })
  })

  it("of a manifest, with a name that is no path", () => {
    const stderr = "  × failed to parse pixi.toml from /ws\n  ╰─▶ failed to parse project manifest\n" +
      "   ╭─[pixi.toml:1:1]\n 1 │ [dependencies]\n   · ▲\n   · ╰── missing field `project`\n   ╰────\n\n"
    const error = classify({ stderr })
    assert.strictEqual(error.message, "/ws/pixi.toml:1:1: failed to parse project manifest: missing field `project`")
  })

  it("of a panic", () => {
    const panic = "thread 'main' (12) panicked at match_spec/parse.rs:369:9:\nnot implemented\nstack backtrace:\n"
    assert.deepStrictEqual(
      decisive(classify({ exitCode: 101, stderr: `\n${panic}note: run with \`RUST_BACKTRACE=1\`\n` })),
      failed("thread 'main' (12) panicked at match_spec/parse.rs:369:9: not implemented")
    )
  })
})

describe("missing candidates", () => {
  const missing = (cause: string) =>
    PixiFailure.missingCandidate(draw(["failed", `Cannot solve the request because of: ${cause}`], {
      head: "Error: \n",
      wraps: true
    }))

  it("are what was asked for", () => {
    assert.deepStrictEqual(missing("No candidates were found for nope *."), { name: "nope", spec: "*" })
    assert.deepStrictEqual(missing("No candidates were found for greet >=9,<10|>11."), {
      name: "greet",
      spec: ">=9,<10|>11"
    })
    const name = "a-name-that-is-longer-than-the-rest-of-the-line"
    assert.deepStrictEqual(missing(`No candidates were found for ${name} * *cuda*.`), { name, spec: "* *cuda*" })
  })

  it("are not what another package needs", () => {
    assert.deepStrictEqual(missing("a * cannot be installed:\n└─ b *, for which no candidates were found."), undefined)
    assert.deepStrictEqual(PixiFailure.missingCandidate(""), undefined)
  })

  it("are no package at all if a search says so", () => {
    const unknown = (stderr: string, exitCode = 1) => PixiFailure.isUnknownPackage(result({ exitCode, stderr }))
    assert.isTrue(
      unknown("  × Package nope not found, please use a wildcard '*' in the search name for a\n  │ broader result.\n")
    )
    assert.isTrue(unknown("Error:   × No packages found matching 'nope'\n  help: Try glob patterns\n"))
    assert.isFalse(unknown("Error:   × error sending request for url (http://a/b)\n"))
    assert.isFalse(unknown("", 0))
  })
})

describe("evidence", () => {
  it("has all that is short", () => {
    const { exitCode, signal, stderr, stdout } = evidenceOf(result({ stdout: "a\nb\n", stderr: "é" }))
    assert.deepStrictEqual({ exitCode, signal, stderr, stdout }, {
      exitCode: 1,
      signal: null,
      stderr: "é",
      stdout: "a\nb\n"
    })
  })

  it("has the last lines of what is long, counted in bytes", () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `${index}: ┴é`.padEnd(50)).join("\n")
    const { stderr, stdout } = evidenceOf(result({ stdout: lines(1000), stderr: lines(1000) }))
    const size = (text: string) => new TextEncoder().encode(text).length
    assert.isTrue(size(stdout) <= 4096 && size(stdout) > 4000)
    assert.isTrue(size(stderr) <= 16_384 && size(stderr) > 16_300)
    for (const text of [stdout, stderr]) {
      assert.isTrue(lines(1000).endsWith(`\n${text}`))
      assert.match(text, /^\d+: ┴é/)
    }
  })

  it("has the end of a line that is too long, in whole characters", () => {
    const { stdout } = evidenceOf(result({ stdout: "é".repeat(5000) + "x\n" }))
    assert.match(stdout, /^é+x\n$/)
    assert.isTrue(stdout.length > 2000)
  })
})
