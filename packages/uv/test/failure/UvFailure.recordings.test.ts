/** What real runs of three versions print: two of them draw errors in the way of before 0.12.14. */
import * as OperationErrors from "@darb/package-manager/OperationErrors"
import * as Errors from "@darb/package-manager/PackageManagerError"
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as UvFailure from "../../src/failure/UvFailure.js"

interface Recording {
  readonly scenario: string
  readonly steps: ReadonlyArray<{
    readonly argv: ReadonlyArray<string>
    readonly exit: number
    readonly stdout: string
    readonly stderr: string
  }>
}

type Row = readonly [scenario: string, step: number, tag: string, fields: Record<string, unknown>]

const operations: Readonly<Record<string, Errors.OperationName>> = { init: "init", remove: "remove", lock: "update" }

/** Class and fields, without those that all classes have, and without the words of uv. */
const decisive = (error: Errors.PackageManagerError): readonly [string, Record<string, unknown>] => {
  const { _tag, ...rest } = Schema.encodeSync(Errors.PackageManagerError)(error)
  const common = ["message", "manager", "operation", "environment", "evidence", "reason", "explanation"]
  const fields = Object.entries(rest).filter(([key, value]) =>
    !common.includes(key) && value !== undefined && value !== null
  )
  return [_tag, Object.fromEntries(fields)]
}

const recordings = (version: string): ReadonlyArray<Recording> =>
  JSON.parse(
    fs.readFileSync(new URL(`../recordings/uv-${version}/failures.json`, import.meta.url), "utf8")
      .replaceAll("$WS", "/ws").replaceAll("$WHEELS", "/wheels").replaceAll("$TMP", "/tmp")
      .replaceAll("$INDEX", "http://index")
  )

const errors = (version: string) =>
  recordings(version).flatMap(({ scenario, steps }) =>
    steps.map(({ argv, exit, stderr, stdout }, step) => {
      const error = UvFailure.classify({
        operation: operations[argv[0] ?? ""] ?? "install",
        environment: "/ws",
        manifest: "/ws/pyproject.toml",
        lock: "/ws/uv.lock",
        result: {
          command: ["uv", ...argv],
          pid: 1,
          exitCode: exit,
          signal: null,
          stdout,
          stdoutCut: false,
          stderr
        }
      })
      return { scenario, step, error }
    })
  )

/** Whether the operation of an error declares it. */
const isDeclared = (error: Errors.PackageManagerError): boolean => {
  switch (error.operation) {
    case "init":
      return Schema.is(OperationErrors.InitError)(error)
    case "remove":
      return Schema.is(OperationErrors.RemoveError)(error)
    case "update":
      return Schema.is(OperationErrors.UpdateError)(error)
    default:
      return Schema.is(OperationErrors.InstallError)(error)
  }
}

describe("recordings", () => {
  it("have errors that their operations declare", () => {
    for (const version of ["0.9.20", "0.12.5", "0.13.9"]) {
      for (const { error } of errors(version)) {
        if (isDeclared(error)) continue
        const command = "evidence" in error ? error.evidence?.command.join(" ") ?? "" : ""
        // The driver does not run `lock --locked`, and removes only names that the manifest has.
        assert.match(
          `${error._tag}: ${command}`,
          /^(?:LockOutdated: .* --(?:locked|frozen|check)|InvalidSpec: uv remove)/
        )
      }
    }
  })

  const expected: ReadonlyArray<Row> = [
    ["not-found", 0, "PackageNotFound", { packages: ["nope-a"] }],
    ["not-found", 1, "PackageNotFound", { packages: ["nope-a"] }],
    ["not-found", 2, "PackageNotFound", { packages: ["nope-a"] }],
    ["nested-not-found", 0, "PackageNotFound", { packages: ["nonexistent"] }],
    ["version-not-found", 0, "Unsolvable", {}],
    ["version-not-found", 1, "Unsolvable", {}],
    ["version-not-found", 2, "Unsolvable", {}],
    ["version-not-found", 3, "Unsolvable", {}],
    ["conflict", 0, "Unsolvable", {}],
    ["python-mismatch", 0, "Unsolvable", {}],
    ["no-wheel", 0, "PlatformUnsupported", {}],
    ["no-wheel", 1, "PlatformUnsupported", {}],
    ["no-wheel", 2, "Unsolvable", {}],
    ["no-wheel", 3, "Unsolvable", {}],
    ["bad-archive", 0, "DownloadFailed", { archive: "notazip==1.0" }],
    ["bad-spec", 0, "InvalidSpec", { spec: "gr eet==" }],
    ["bad-spec", 1, "InvalidSpec", { spec: "==1.0" }],
    ["bad-spec", 2, "InvalidSpec", { spec: "" }],
    ["bad-spec", 3, "InvalidSpec", { spec: "greet>>1" }],
    ["bad-spec", 4, "InvalidSpec", { spec: "--help" }],
    ["bad-spec", 5, "InvalidSpec", { spec: "greet=1.0" }],
    ["bad-spec", 6, "InvalidSpec", { spec: "demo" }],
    ["bad-spec", 7, "StorageFailed", { file: "/ws/none" }],
    ["bad-spec", 8, "StorageFailed", { file: "/none/greet-1.0-py3-none-any.whl" }],
    ["bad-spec", 9, "InvalidSpec", { spec: "greet @ https://h/x y" }],
    ["bad-spec", 10, "InvalidSpec", { spec: "greet; python_version" }],
    ["no-manifest", 0, "EnvironmentNotFound", {}],
    ["no-manifest", 1, "EnvironmentNotFound", {}],
    ["no-manifest", 2, "EnvironmentNotFound", {}],
    ["no-project-table", 0, "EnvironmentNotFound", {}],
    ["no-project-table", 1, "DependencyNotFound", { packages: ["greet"] }],
    ["missing-directory", 0, "StorageFailed", {}],
    ["missing-directory", 1, "StorageFailed", {}],
    ["unmanaged", 0, "ManifestInvalid", { file: "/ws/pyproject.toml" }],
    ["unmanaged", 1, "ManifestInvalid", { file: "/ws/pyproject.toml" }],
    ["broken-manifest", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 2, column: 38 }],
    ["broken-manifest", 1, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 2, column: 38 }],
    ["broken-manifest-2", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 4, column: 17 }],
    ["manifest-semantics", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 4, column: 16 }],
    ["manifest-spec", 0, "BuildFailed", { package: "demo" }],
    ["manifest-noversion", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 1, column: 1 }],
    ["manifest-name", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 2, column: 8 }],
    ["manifest-python", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 4, column: 19 }],
    ["manifest-tooluv", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 7, column: 11 }],
    ["manifest-tooluv", 1, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 7, column: 11 }],
    ["manifest-index", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 7, column: 7 }],
    ["manifest-source-index", 0, "ManifestInvalid", { file: "/ws/pyproject.toml" }],
    ["manifest-source-workspace", 0, "ManifestInvalid", { file: "/ws/pyproject.toml" }],
    ["manifest-source-path", 0, "StorageFailed", { file: "/ws/none" }],
    ["manifest-group-cycle", 0, "ManifestInvalid", { file: "/ws/pyproject.toml" }],
    ["manifest-group-missing", 0, "ManifestInvalid", { file: "/ws/pyproject.toml" }],
    ["manifest-utf8", 0, "ManifestInvalid", { file: "/ws/pyproject.toml" }],
    ["workspace-member", 0, "ManifestInvalid", { file: "/ws/pyproject.toml" }],
    ["parent-broken", 0, "ManifestInvalid", { file: "/tmp/pb/pyproject.toml", line: 1, column: 9 }],
    ["parent-broken", 1, "ManifestInvalid", { file: "/tmp/pb/pyproject.toml", line: 1, column: 9 }],
    ["extra-missing", 0, "InvalidOption", { option: "extras", value: "nope" }],
    ["extra-missing", 1, "InvalidOption", { option: "groups", value: "nope" }],
    ["extra-missing", 2, "InvalidOption", { option: "groups", value: "a b" }],
    ["extra-missing", 3, "InvalidOption", { option: "extras", value: "a b" }],
    ["extra-missing", 4, "InvalidOption", { option: "groups", value: "nope" }],
    ["extra-missing", 5, "InvalidOption", { option: "groups", value: "nope" }],
    ["extra-missing", 6, "InvalidOption", { option: "group", value: "a b" }],
    ["extra-missing", 7, "InvalidOption", { option: "extra", value: "a b" }],
    ["extra-missing", 8, "InvalidOption", { option: "extras", value: "nope" }],
    ["extra-missing-frozen", 0, "InvalidOption", { option: "extras", value: "nope" }],
    ["extra-missing-frozen", 1, "InvalidOption", { option: "groups", value: "nope" }],
    ["extra-missing-frozen", 2, "InvalidOption", { option: "groups", value: "nope" }],
    ["lock-invalid", 0, "LockInvalid", { file: "/ws/uv.lock", line: 2, column: 10 }],
    ["lock-invalid", 1, "LockInvalid", { file: "/ws/uv.lock", line: 2, column: 10 }],
    ["lock-invalid", 2, "LockInvalid", { file: "/ws/uv.lock", line: 2, column: 10 }],
    ["lock-invalid", 3, "LockInvalid", { file: "/ws/uv.lock", line: 1, column: 1 }],
    ["lock-invalid", 4, "LockInvalid", { file: "/ws/uv.lock", line: 1, column: 1 }],
    ["lock-invalid", 5, "LockInvalid", { file: "/ws/uv.lock", line: 1, column: 1 }],
    ["lock-invalid", 6, "LockInvalid", { file: "/ws/uv.lock", line: 1, column: 1 }],
    ["lock-invalid", 7, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-invalid", 8, "LockInvalid", { file: "/ws/uv.lock", line: 1, column: 9 }],
    ["lock-invalid", 9, "LockInvalid", { file: "/ws/uv.lock", line: 3, column: 1 }],
    ["lock-invalid", 10, "LockInvalid", { file: "/ws/uv.lock", line: 3, column: 1 }],
    ["lock-invalid", 11, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-invalid", 12, "LockInvalid", { file: "/ws/uv.lock" }],
    ["lock-missing", 0, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-missing", 1, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-missing", 2, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-missing", 3, "DependencyNotFound", { packages: ["x"] }],
    ["lock-missing", 4, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-missing-env", 0, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-missing-env-locked", 0, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-outdated", 0, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-outdated", 1, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-outdated", 2, "CommandFailed", {}],
    ["lock-outdated", 3, "LockOutdated", { file: "/ws/uv.lock" }],
    ["lock-outdated", 4, "Unsolvable", {}],
    ["lock-outdated", 5, "PackageNotFound", { packages: ["nope"] }],
    ["init", 0, "EnvironmentExists", { manifest: "/ws/pyproject.toml" }],
    ["init-names", 0, "InvalidOption", { option: "name", value: "not a name!" }],
    ["init-names", 1, "InvalidOption", { option: "name", value: "" }],
    ["init-names", 2, "EnvironmentExists", { manifest: "/ws/pyproject.toml" }],
    ["init-python", 0, "PythonNotFound", { python: "nonsense" }],
    ["init-python", 1, "PythonNotFound", { python: "/none/python" }],
    ["init-python", 2, "PythonNotFound", { python: "PyPy 3.99" }],
    ["init-noname", 0, "InvalidOption", { option: "name", value: "ünï x-" }],
    ["init-noname", 1, "InvalidOption", { option: "name", value: "x y-" }],
    ["remove-missing", 0, "DependencyNotFound", { packages: ["greet"] }],
    ["remove-missing", 1, "DependencyNotFound", { packages: ["greet"] }],
    ["remove-missing", 2, "DependencyNotFound", { packages: ["greet"] }],
    ["remove-missing", 3, "DependencyNotFound", { packages: ["greet"] }],
    ["remove-missing", 4, "DependencyNotFound", { packages: ["a"] }],
    ["remove-missing", 5, "InvalidSpec", { spec: "gr eet==" }],
    ["remove-hints", 0, "DependencyNotFound", { packages: ["libleaf"] }],
    ["remove-hints", 1, "DependencyNotFound", { packages: ["greet"] }],
    ["remove-failing", 0, "Unsolvable", {}],
    ["offline", 0, "NetworkUnavailable", {}],
    ["offline", 1, "NetworkUnavailable", {}],
    ["offline", 2, "NetworkUnavailable", {}],
    ["http-refused", 0, "NetworkUnavailable", {}],
    ["http-refused-retry", 0, "NetworkUnavailable", {}],
    ["http-dns", 0, "NetworkUnavailable", {}],
    ["http-404", 0, "PackageNotFound", { packages: ["greet"] }],
    ["http-401", 0, "Unauthorized", {}],
    ["http-403", 0, "Unauthorized", {}],
    ["http-407", 0, "Unauthorized", {}],
    ["http-500", 0, "NetworkUnavailable", {}],
    ["http-429", 0, "NetworkUnavailable", {}],
    ["http-slow", 0, "NetworkUnavailable", {}],
    ["http-nothtml", 0, "ChannelUnavailable", { channel: "http://index/nothtml" }],
    ["http-userpw", 0, "Unauthorized", {}],
    ["http-https", 0, "NetworkUnavailable", {}],
    ["http-badhash", 0, "DownloadFailed", { archive: "greet==2.0" }],
    ["http-whl404", 0, "DownloadFailed", { archive: "greet-2.0-py3-none-any.whl" }],
    ["http-whl403", 0, "Unauthorized", {}],
    ["http-whl500", 0, "NetworkUnavailable", {}],
    ["http-cut", 0, "NetworkUnavailable", {}],
    ["sync-whl404", 0, "DownloadFailed", { archive: "greet-2.0-py3-none-any.whl" }],
    ["sync-whl403", 0, "Unauthorized", {}],
    ["sync-whl500", 0, "NetworkUnavailable", {}],
    ["sync-cut", 0, "NetworkUnavailable", {}],
    ["sync-hash", 0, "DownloadFailed", { archive: "greet==2.0" }],
    ["find-links-missing", 0, "ChannelUnavailable", { channel: "/tmp/none" }],
    ["find-links-missing", 1, "ChannelUnavailable", { channel: "file:///tmp/none" }],
    ["find-links-missing", 2, "ChannelUnavailable", { channel: "http://index/404/x" }],
    ["find-links-missing", 3, "ChannelUnavailable", { channel: "file:///ws/nonsense:/x" }],
    ["find-links-missing", 4, "ChannelUnavailable", { channel: "file:///ws/nope" }],
    ["find-links-refused", 0, "NetworkUnavailable", {}],
    ["python-missing", 0, "PythonNotFound", { python: ">=3.99" }],
    ["python-missing-2", 0, "PythonNotFound", { python: "3.99" }],
    ["python-missing-2", 1, "PythonNotFound", { python: "nonsense" }],
    ["python-missing-2", 2, "PythonNotFound", { python: "/none/python" }],
    ["python-missing-2", 3, "PythonNotFound", { python: "3.1.2.3.4x" }],
    ["python-missing-2", 4, "PythonNotFound", { python: "3.11" }],
    ["python-incompatible", 0, "PythonNotFound", { python: ">=3.12" }],
    ["python-pin", 0, "PythonNotFound", { python: ">=3.12" }],
    ["build", 0, "BuildFailed", { package: "boom" }],
    ["build", 1, "BuildFailed", { package: "needsetup" }],
    ["build", 2, "BuildFailed", { package: "boommeta" }],
    ["build", 3, "BuildFailed", { package: "boom" }],
    ["build-sync", 0, "BuildFailed", { package: "demo" }],
    ["build-path", 0, "BuildFailed", { package: "sub" }],
    ["build-disabled", 0, "Unsolvable", {}],
    ["git-none", 0, "DownloadFailed", {}],
    ["required-version", 0, "UnsupportedVersion", { executable: "uv", found: "0.13.9", required: ">=99" }],
    ["venv-file", 0, "StorageFailed", {}],
    ["venv-dir", 0, "StorageFailed", { file: "/ws/.venv" }],
    ["lock-dir", 0, "StorageFailed", { file: "/ws/uv.lock" }],
    ["cache-proc", 0, "StorageFailed", { file: "/proc/x" }],
    ["cache-file", 0, "StorageFailed", { file: "/etc/hostname" }],
    ["env-bad", 0, "CommandFailed", {}],
    ["usage", 0, "CommandFailed", {}],
    ["usage", 1, "CommandFailed", {}],
    ["usage", 2, "CommandFailed", {}],
    ["usage", 3, "CommandFailed", {}],
    ["required-environments", 0, "Unsolvable", {}],
    ["environments", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 7, column: 16 }],
    ["exclude-newer", 0, "Unsolvable", {}],
    ["prerelease", 0, "Unsolvable", {}],
    ["url-missing", 0, "DownloadFailed", { archive: "greet-1.0-py3-none-any.whl" }],
    ["url-name", 0, "InvalidSpec", { spec: "other @ http://index/ok/f/greet-1.0-py3-none-any.whl" }],
    ["wrapped-40", 0, "PackageNotFound", { packages: ["nope-a-with-a-very-long-name-that-wraps"] }],
    ["wrapped-40", 1, "Unsolvable", {}],
    ["wrapped-40", 2, "PlatformUnsupported", {}],
    ["wrapped-40", 3, "LockOutdated", { file: "/ws/uv.lock" }],
    ["wrapped-40", 4, "DependencyNotFound", { packages: ["greet"] }],
    ["wrapped-40", 5, "InvalidSpec", { spec: "gr eet==" }],
    ["wrapped-40", 6, "BuildFailed", { package: "boom" }],
    ["wrapped-80", 0, "PackageNotFound", { packages: ["nope-a-with-a-very-long-name-that-wraps"] }],
    ["wrapped-80", 1, "Unsolvable", {}],
    ["wrapped-80", 2, "PlatformUnsupported", {}],
    ["wrapped-80", 3, "LockOutdated", { file: "/ws/uv.lock" }],
    ["wrapped-80", 4, "DependencyNotFound", { packages: ["greet"] }],
    ["wrapped-80", 5, "InvalidSpec", { spec: "gr eet==" }],
    ["wrapped-80", 6, "BuildFailed", { package: "boom" }],
    ["conflict-extras", 0, "Unsolvable", {}],
    ["conflict-extras", 1, "Unsolvable", {}],
    ["extras-unsolvable", 0, "Unsolvable", {}],
    ["lock-timeout", 0, "EnvironmentBusy", {}],
    ["lock-timeout", 1, "EnvironmentBusy", {}],
    ["compound", 0, "Unsolvable", {}],
    ["compound", 1, "PackageNotFound", { packages: ["nonexistent"] }],
    ["two-missing", 0, "PackageNotFound", { packages: ["alsonot"] }],
    ["two-missing", 1, "PackageNotFound", { packages: ["nonexistent"] }],
    ["two-names", 0, "PackageNotFound", { packages: ["nope-one", "nope-two"] }],
    ["extras", 0, "Unsolvable", {}],
    ["corrupt-after-lock", 0, "DownloadFailed", { archive: "libleaf-0.2.0-py3-none-any.whl" }],
    ["corrupt-after-lock", 1, "DownloadFailed", { archive: "libleaf==0.2.0" }],
    ["corrupt-after-lock", 2, "DownloadFailed", { archive: "libleaf==0.2.0" }],
    ["http-400", 0, "ChannelUnavailable", { channel: "http://index/400" }],
    ["http-400", 1, "ChannelUnavailable", { channel: "http://index/410" }],
    ["http-400", 2, "NetworkUnavailable", {}],
    ["default-group", 0, "ManifestInvalid", { file: "/ws/pyproject.toml" }],
    ["dynamic-space", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 7, column: 7 }],
    ["token", 0, "PackageNotFound", { packages: ["x"] }],
    ["token2", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 3, column: 9 }],
    ["token3", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 4, column: 14 }],
    ["ambiguous3", 0, "InvalidSpec", { spec: "greet @ file:///wheels/greet-2.0-py3-none-any.whl" }],
    ["member-broken", 0, "ManifestInvalid", { file: "/ws/a/pyproject.toml", line: 1, column: 9 }],
    ["dir-dep-broken", 0, "CommandFailed", {}],
    ["uv-toml", 0, "CommandFailed", {}],
    ["full-cache", 0, "StorageFailed", { file: "/tmp/full/c/.tmp/bulky/__init__.py" }],
    ["immutable", 0, "StorageFailed", { file: "/ws/pyproject.toml" }],
    ["readonly", 0, "StorageFailed", { file: "/tmp/ro/.venv" }],
    ["readonly", 1, "StorageFailed", { file: "/tmp/ro/.venv" }],
    ["readonly", 2, "StorageFailed", { file: "/tmp/ro/sub" }]
  ]

  /** Where a version says or does another thing. */
  const others: Readonly<Record<string, ReadonlyArray<Row>>> = {
    "0.13.9": [],
    "0.12.5": [
      ["required-version", 0, "UnsupportedVersion", { executable: "uv", found: "0.12.5", required: ">=99" }],
      ["venv-file", 0, "StorageFailed", { file: "/ws/.venv" }]
    ],
    "0.9.20": [
      ["broken-manifest-2", 0, "ManifestInvalid", { file: "/ws/pyproject.toml", line: 4, column: 18 }],
      // It accepted an empty name: what failed is the next command.
      ["init-names", 1, "EnvironmentExists", { manifest: "/ws/pyproject.toml" }],
      ["required-version", 0, "UnsupportedVersion", { executable: "uv", found: "0.9.20", required: ">=99" }],
      ["venv-file", 0, "StorageFailed", { file: "/ws/.venv" }]
    ]
  }

  for (const [version, differing] of Object.entries(others)) {
    it(version, () => {
      const rowFor = ([scenario, step]: Row) => differing.find((row) => row[0] === scenario && row[1] === step)
      assert.deepStrictEqual<ReadonlyArray<Row>>(
        errors(version).map(({ error, scenario, step }) => [scenario, step, ...decisive(error)] as const),
        expected.map((row) => rowFor(row) ?? row)
      )
    })

    it(`${version}: what it says is one line, without marks, and without what it quotes`, () => {
      for (const { error, scenario, step } of errors(version)) {
        const said = "explanation" in error ? error.explanation : "reason" in error ? error.reason : "none"
        const where = `${scenario} ${step}: ${JSON.stringify(said)}`
        assert.notStrictEqual(said.trim(), "", where)
        assert.notMatch(said, /[×╰├│▶]|\^\^|s3cret|^(?:cause|Caused by|error|hint|help):/m, where)
        assert.isTrue("explanation" in error || !said.includes("\n"), where)
      }
    })
  }
})
