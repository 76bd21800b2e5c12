import type { Result } from "@darb/package-manager/driver/process/CommandResult"
import * as Errors from "@darb/package-manager/PackageManagerError"
import { assert, describe, it } from "@effect/vitest"
import * as fc from "effect/FastCheck"
import * as Schema from "effect/Schema"
import * as UvFailure from "../../src/failure/UvFailure.js"

const environment = "/ws"
const manifest = "/ws/pyproject.toml"
const lock = "/ws/uv.lock"

const classify = (
  stderr: string | Partial<Result>,
  operation: Errors.OperationName = "install",
  command: ReadonlyArray<string> = ["uv", "sync", "--directory", environment]
) =>
  UvFailure.classify({
    operation,
    environment,
    manifest,
    lock,
    result: {
      command,
      pid: 1,
      exitCode: 2,
      signal: null,
      stdout: "",
      stdoutCut: false,
      stderr: typeof stderr === "string" ? stderr : "",
      ...(typeof stderr === "string" ? {} : stderr)
    }
  })

const add = (...specs: ReadonlyArray<string>) => ["uv", "add", "--directory", environment, "--", ...specs]

/** Class and fields, without those that all classes have; without the reason, unless it is all there is. */
const decisive = (error: Errors.PackageManagerError): readonly [string, Record<string, unknown>] => {
  const { _tag, ...rest } = Schema.encodeSync(Errors.PackageManagerError)(error)
  const fields = Object.entries(rest).filter(([key, value]) =>
    !["message", "manager", "operation", "environment", "evidence"].includes(key) && value !== undefined
  )
  const others = fields.filter(([key]) => key !== "reason")
  return [_tag, Object.fromEntries(others.length === 0 ? fields : others)]
}

const tag = (stderr: string) => classify(stderr)._tag

/** An error as it is drawn in both ways: the first cause is the outermost. */
const old = (...[first = "", ...causes]: ReadonlyArray<string>) =>
  [`error: ${first}`, ...causes.map((cause) => `  Caused by: ${cause}`), ""].join("\n")
const oldTree = (...[first = "", ...causes]: ReadonlyArray<string>) =>
  [`  × ${first}`, ...causes.map((cause, at) => `  ${at === causes.length - 1 ? "╰" : "├"}─▶ ${cause}`), ""].join("\n")
const current = (...[first = "", ...causes]: ReadonlyArray<string>) =>
  [`error: ${first}`, ...causes.map((cause) => `  cause: ${cause}`), ""].join("\n")
const drawings = { old, oldTree, current }

describe("each class, however it is drawn", () => {
  const cases: ReadonlyArray<readonly [causes: ReadonlyArray<string>, tag: string, fields: Record<string, unknown>]> = [
    [
      ["Project is already initialized in `/ws` (`pyproject.toml` file exists)"],
      "EnvironmentExists",
      { manifest }
    ],
    [
      ["Cannot initialize a project in `/ws` because `pyproject.toml` already exists"],
      "EnvironmentExists",
      { manifest }
    ],
    [
      ["No `pyproject.toml` found in current directory or any parent directory"],
      "EnvironmentNotFound",
      { reason: "No `pyproject.toml` found in current directory or any parent directory" }
    ],
    [
      ["Project directory `/ws` does not exist"],
      "EnvironmentNotFound",
      { reason: "Project directory `/ws` does not exist" }
    ],
    [
      ["No `project` table found in: `/ws/pyproject.toml`"],
      "EnvironmentNotFound",
      { reason: "No `project` table found in: `/ws/pyproject.toml`" }
    ],
    [
      ["The target directory (`x-`) is not a valid package name. Please provide a package name with `--name`."],
      "InvalidOption",
      { option: "name", value: "x-" }
    ],
    [
      ["The directory name (`python`) cannot be used as project name"],
      "InvalidOption",
      { option: "name", value: "python" }
    ],
    [
      ["Required uv version `>=99` does not match the running version `0.12.5`. Update `uv`."],
      "UnsupportedVersion",
      { executable: "uv", found: "0.12.5", required: ">=99" }
    ],
    [
      ["Failed to discover parent workspace"],
      "ManifestInvalid",
      { file: manifest }
    ],
    [["The project is marked as unmanaged: `/ws`"], "ManifestInvalid", { file: manifest }],
    [
      ["The lockfile at `uv.lock` needs to be updated, but `--locked` was provided. To update the lockfile, run `uv lock`."],
      "LockOutdated",
      { file: lock }
    ],
    [["Unable to find lockfile at `uv.lock`. To create a lockfile, run `uv lock` or `uv sync`."], "LockOutdated", {
      file: lock
    }],
    [["Unable to find lockfile at `uv.lock`, but `UV_FROZEN=1` was provided."], "LockOutdated", { file: lock }],
    [["The lockfile at `uv.lock` uses an unsupported schema version (v2, but only v1 is supported)."], "LockInvalid", {
      file: lock
    }],
    [
      [
        "Failed to parse `uv.lock`",
        "Dependency `a` has missing `version` field but has more than one matching package"
      ],
      "LockInvalid",
      { file: lock }
    ],
    [
      ["Network connectivity is disabled, but the requested data wasn't found in the cache for: `http://h/a`"],
      "NetworkUnavailable",
      {
        reason: "Network connectivity is disabled, but the requested data wasn't found in the cache for: `http://h/a`"
      }
    ],
    [
      ["Failed to fetch: `http://h/a/`", "HTTP status client error (401 Unauthorized) for url (http://h/a/)"],
      "Unauthorized",
      { reason: "HTTP status client error (401 Unauthorized) for url (http://h/a/)" }
    ],
    [
      ["Failed to fetch: `http://h/a/`", "Missing credentials for http://h/a/"],
      "Unauthorized",
      { reason: "Missing credentials for http://h/a/" }
    ],
    [
      ["Failed to read `--find-links` directory: /none", "No such file or directory (os error 2)"],
      "ChannelUnavailable",
      {
        channel: "/none"
      }
    ],
    [["Directory not found for index: file:///none/"], "ChannelUnavailable", { channel: "file:///none" }],
    [
      ["Request failed after 3 retries", "Failed to fetch: `http://h/a/`", "dns error", "failed to lookup address"],
      "NetworkUnavailable",
      { reason: "Failed to fetch: `http://h/a/`: failed to lookup address" }
    ],
    [
      ["Failed to download `a==1`", "HTTP status server error (503 Service Unavailable) for url (http://h/a.whl)"],
      "NetworkUnavailable",
      {
        reason: "HTTP status server error (503 Service Unavailable) for url (http://h/a.whl)"
      }
    ],
    [["Failed to download `a==1`", "Hash mismatch for `a==1`"], "DownloadFailed", { archive: "a==1" }],
    [["Failed to download and build `a==1`", "Hash mismatch for `a==1`"], "DownloadFailed", { archive: "a==1" }],
    [["Failed to build `a==1`", "The build backend returned an error"], "BuildFailed", { package: "a" }],
    [["Failed to build `file:///somewhere/a`", "The build backend returned an error"], "BuildFailed", {
      package: null
    }],
    [["Building source distributions for `a` is disabled"], "BuildFailed", { package: "a" }],
    [
      [
        "Failed to download `a==1`",
        "Timeout (300s) when waiting for lock on `/c` at `/c/.lock`, is another uv process running?"
      ],
      "EnvironmentBusy",
      { holder: null }
    ],
    [["failed to create file `/ws/uv.lock`: Permission denied (os error 13)"], "StorageFailed", { file: lock }],
    [
      ["Failed to install: a.whl", "failed to write to file `/ws/.venv/a`", "No space left on device (os error 28)"],
      "StorageFailed",
      { file: "/ws/.venv/a" }
    ],
    [["Project virtual environment directory `/ws/.venv` cannot be used because it is a file"], "StorageFailed", {
      file: "/ws/.venv"
    }],
    [["No interpreter found for Python 3.11 in managed installations or search path"], "PythonNotFound", {
      python: "3.11"
    }],
    [["No interpreter found in virtual environments or search path"], "PythonNotFound", { python: null }],
    [["Invalid version request: 3.x"], "PythonNotFound", { python: "3.x" }],
    [
      ["Distribution `a==1 @ registry+w` can't be installed because it doesn't have a source distribution or wheel for the current platform"],
      "PlatformUnsupported",
      { platform: null }
    ],
    // No class has these.
    [["Malware detected in one or more dependencies"], "CommandFailed", {
      reason: "Malware detected in one or more dependencies"
    }],
    [["Failed to spawn: `x`", "No such file or directory (os error 2)"], "CommandFailed", {
      reason: "Failed to spawn: `x`: No such file or directory (os error 2)"
    }]
  ]

  for (const [causes, expected, fields] of cases) {
    it.each(Object.entries(drawings))(`${causes.join(" / ")}: %s`, (_, draw) => {
      const [found, all] = decisive(classify(draw(...causes)))
      assert.strictEqual(found, expected)
      for (const [key, value] of Object.entries(fields)) assert.deepStrictEqual(all[key], value, key)
    })
  }

  it.each(Object.entries(drawings))("the packages and specs of what was asked for: %s", (_, draw) => {
    assert.deepStrictEqual(
      decisive(classify(draw("Failed to parse: `gr eet==`", "Expected one of `@`"), "install", add("a", "gr eet=="))),
      ["InvalidSpec", { spec: "gr eet==" }]
    )
    assert.deepStrictEqual(
      decisive(classify(draw("Requirement name `demo` matches project name `demo`"), "install", add("a", "Demo>=1"))),
      ["InvalidSpec", { spec: "Demo>=1" }]
    )
    assert.deepStrictEqual(
      decisive(classify(draw("The dependency `a` could not be found in `project.dependencies`"), "remove")),
      ["DependencyNotFound", { packages: ["a"] }]
    )
  })
})

describe("what an operation does not do is not its error", () => {
  it("a spec is invalid only where one was given", () => {
    const said = old("Failed to parse: `gr eet==`", "Expected one of `@`")
    assert.strictEqual(tag(said), "CommandFailed")
    assert.strictEqual(classify(said, "install", add("gr eet=="))._tag, "InvalidSpec")
  })

  it("a file that cannot be parsed is no spec", () => {
    const said = current("Failed to parse: /etc/uv/uv.toml", "TOML parse error at line 1, column 2\n  bad")
    assert.strictEqual(classify(said, "install", add("a"))._tag, "CommandFailed")
  })

  it("only what is removed can be missing as a dependency", () =>
    assert.strictEqual(tag(old("The dependency `a` could not be found in `project.dependencies`")), "CommandFailed"))

  it.each([
    ["--name <NAME>", "name", "init"],
    ["--group <GROUP>", "group", "add"],
    ["--group <GROUP>", "groups", "sync"],
    ["--optional <OPTIONAL>", "extra", "add"],
    ["--extra <EXTRA>", "extras", "sync"],
    ["--default-index <DEFAULT_INDEX>", "indexes", "add"]
  ])("a value that is refused for %s is that of %s", (flag, option, command) => {
    const said =
      `error: invalid value 'a b' for '${flag}': Not a valid package or extra name\n\nFor more information, try '--help'.\n`
    assert.deepStrictEqual(decisive(classify(said, "install", ["uv", command])), ["InvalidOption", {
      option,
      value: "a b"
    }])
  })

  it("a value of another flag is not that of an option", () =>
    assert.strictEqual(tag("error: invalid value 'x' for '--offline': value was not a boolean\n"), "CommandFailed"))
})

describe("the solver", () => {
  const explanation = (error: Errors.PackageManagerError) =>
    error._tag === "Unsolvable" ? error.explanation.split("\n") : error._tag

  const conflict = [
    "Because app==1.0 depends on greet>=1,<2 and your project depends on app==1.0, we can conclude that your project depends on greet>=1,<2.",
    "And because your project depends on greet==2.0, we can conclude that your project's requirements are unsatisfiable."
  ]
  const wrapped = [
    "  × No solution found when resolving dependencies:",
    "  ╰─▶ Because app==1.0 depends on greet>=1,<2 and your project depends on",
    "      app==1.0, we can conclude that your project depends on greet>=1,<2.",
    "      And because your project depends on greet==2.0, we can conclude that",
    "      your project's requirements are unsatisfiable.",
    "  help: If you want to add the package regardless of the failed resolution,",
    "        provide the `--frozen` flag to skip locking and syncing.",
    ""
  ].join("\n")

  it("says the same whether its lines are wrapped or not", () => {
    assert.deepStrictEqual(explanation(classify(wrapped)), conflict)
    assert.deepStrictEqual(
      explanation(classify([
        "error: Failed to add dependencies",
        "  cause: No solution found when resolving dependencies",
        `  cause: ${conflict[0]}`,
        `         ${conflict[1]}`,
        "",
        "hint: If you want to add the package regardless of the failed resolution, provide the `--frozen` flag",
        ""
      ].join("\n"))),
      conflict
    )
    assert.deepStrictEqual(
      explanation(classify([
        "error: No solution found when",
        "       resolving dependencies",
        "  cause: Because app==1.0 depends on greet>=1,<2",
        "         and your project depends on app==1.0, we can conclude that your project depends on",
        "         greet>=1,<2.",
        "         And because your project depends on greet==2.0, we can conclude that your project's",
        "         requirements are unsatisfiable.",
        ""
      ].join("\n"))),
      conflict
    )
  })

  it("keeps lists, numbers and hints", () =>
    assert.deepStrictEqual(
      explanation(classify([
        "  × No solution found when resolving dependencies for split (markers: sys_platform == 'linux'):",
        "  ╰─▶ Because only the following versions of two are available:",
        "          two==1.0",
        "          two==2.0",
        "      and two==1.0 depends on x, we can conclude that two<2.0 depends on x. (1)",
        "",
        "      Because a and b are incompatible, we can conclude that nothing works.",
        "",
        "      hint: `two` was requested with a pre-release marker",
        "  help: `two` was included because `demo` depends on `two`",
        ""
      ].join("\n"))),
      [
        "Because only the following versions of two are available:",
        "    two==1.0",
        "    two==2.0",
        "and two==1.0 depends on x, we can conclude that two<2.0 depends on x. (1)",
        "Because a and b are incompatible, we can conclude that nothing works.",
        "`two` was requested with a pre-release marker",
        "`two` was included because `demo` depends on `two`"
      ]
    ))

  const solving = (...lines: ReadonlyArray<string>) =>
    oldTree("No solution found when resolving dependencies:", ...lines)

  it("names all packages that no index has", () =>
    assert.deepStrictEqual(
      decisive(classify(solving(
        "Because nope-one was not found in the package registry and two==1.0 depends on nope-one, we can conclude that two==1.0 cannot be used.\n"
          + "      And because nope_two[x] was not found in the provided package locations and two==2.0 depends on nope_two[x], we can conclude that all versions of two cannot be used.\n"
          + "      And because your project depends on two, we can conclude that your project's requirements are unsatisfiable."
      ))),
      ["PackageNotFound", { packages: ["nope-one", "nope_two"], platform: null }]
    ))

  it.each([
    [
      "a conflict beside it",
      "Because no was not found in the package registry and mix==2 depends on no, we can conclude that mix==2 cannot be used.\n      And because mix==1 depends on greet<2, we can conclude that all versions of mix depend on greet<2.\n      And because your project depends on greet==2.0 and mix, we can conclude that your project's requirements are unsatisfiable."
    ],
    [
      "a version",
      "Because there is no version of greet==1.5 and your project depends on greet==1.5, we can conclude that your project's requirements are unsatisfiable."
    ],
    [
      "versions",
      "Because there are no versions of greet and your project depends on greet, we can conclude that your project's requirements are unsatisfiable."
    ],
    [
      "the newest version",
      "Because only greet<=2.0 is available and your project depends on greet>=9, we can conclude that your project's requirements are unsatisfiable."
    ],
    [
      "Python",
      "Because the current Python version (3.11.7) does not satisfy Python>=4 and py4==1.0 depends on Python>=4, we can conclude that py4==1.0 cannot be used."
    ],
    [
      "wheels",
      "Because a==1.0 has no wheels with a matching Python ABI tag, we can conclude that your project's requirements are unsatisfiable."
    ]
  ])(
    "does not say that a package is not found because of %s",
    (_, said) => assert.strictEqual(tag(solving(said)), "Unsolvable")
  )

  it("a server that wants credentials is why a package is not found, and not why versions do not fit", () => {
    const hint = "\n      hint: An index URL (http://h/) returned a 403 Forbidden error."
    const unknown =
      "Because a was not found in the package registry and your project depends on a, we can conclude that your project's requirements are unsatisfiable."
    assert.deepStrictEqual(decisive(classify(solving(`${unknown}\n${hint}`))), [
      "Unauthorized",
      { reason: "An index URL (http://h/) returned a 403 Forbidden error." }
    ])
    assert.strictEqual(tag(solving(`${conflict.join("\n      ")}\n${hint}`)), "Unsolvable")
  })

  it("what is not in the cache may be on a server", () =>
    assert.strictEqual(
      tag(solving(
        "Because a was not found in the cache and your project depends on a, we can conclude that your project's requirements are unsatisfiable.\n\n      hint: Packages were unavailable because the network was disabled."
      )),
      "NetworkUnavailable"
    ))

  it("an archive that cannot be read", () =>
    assert.deepStrictEqual(
      decisive(classify(solving(
        "Because only a==1.0 is available and a==1.0 has an invalid package format, we can conclude that all versions of a cannot be used.\n\n      hint: The structure of `a` (v1.0) was invalid:\n        Failed to read from zip file"
      ))),
      ["DownloadFailed", { archive: "a==1.0" }]
    ))

  it("a build's own solve is the build's", () =>
    assert.deepStrictEqual(
      decisive(classify(oldTree(
        "Failed to build `a==1`",
        "Failed to resolve requirements from `build-system.requires`",
        "No solution found when resolving: `b`",
        "Because b was not found in the package registry, we can conclude that your requirements are unsatisfiable."
      )))[0],
      "BuildFailed"
    ))
})

describe("a build", () => {
  const failed = (...output: ReadonlyArray<string>) =>
    current(
      "Failed to build `a==1`",
      "The build backend returned an error",
      ["Call to `b.build_wheel` failed (exit status: 1)", "", "[stdout]", ...output].join("\n         ")
    )

  it("what it prints is not what uv says", () => {
    const errors = ["error: linker failed", "  cause: Permission denied (os error 13)", "401 Unauthorized", "dns error"]
    assert.deepStrictEqual(decisive(classify(failed(...errors, "the last word"))), ["BuildFailed", { package: "a" }])
  })

  it("the last line that it prints is part of the reason", () => {
    const error = classify(failed("a", "ValueError: no", "  ^^^^", ""))
    assert.strictEqual(
      error._tag === "BuildFailed" && error.reason,
      "The build backend returned an error: Call to `b.build_wheel` failed (exit status: 1): ValueError: no"
    )
  })

  it("what the project itself says wrong is its manifest's fault", () => {
    const causes = ["Failed to parse entry: `a`", "Package `a` references an undeclared index: `x`"]
    assert.deepStrictEqual(
      decisive(classify(oldTree("Failed to build `demo @ file:///ws`", ...causes)))[0],
      "ManifestInvalid"
    )
    assert.deepStrictEqual(
      decisive(classify(oldTree("Failed to build `b @ file:///ws/b`", ...causes)))[0],
      "BuildFailed"
    )
  })
})

describe("TOML", () => {
  const source = ["  |", "7 | token = \"s3cret\" x", "  |                  ^", "unexpected key or value"]
  const header = "TOML parse error at line 7, column 18"
  const warning = ["warning: Failed to parse `pyproject.toml` during settings discovery:", `  ${header}`]
  const indented = (lines: ReadonlyArray<string>, by: number) => lines.map((line) => " ".repeat(by) + line)
  const texts = {
    "0.9.20": ["error: Failed to parse: `pyproject.toml`", `  Caused by: ${header}`, ...source],
    "0.12.5": ["error: Failed to parse: `pyproject.toml`", `  Caused by: ${header}`, ...indented(source, 4)],
    "0.13.9": ["error: Failed to parse: pyproject.toml", `  cause: ${header}`, ...indented(source, 9)],
    "a warning before": [
      ...warning,
      ...indented(source, 2),
      "",
      "error: Failed to parse: pyproject.toml",
      `  cause: ${header}`,
      ...indented(source, 9)
    ],
    "wrapped": [
      "error: Failed to parse: pyproject.toml",
      `  cause: ${header}`,
      "           |",
      "         7 | token =",
      "         \"s3cret\" x",
      "           |       ^",
      "         unexpected key",
      "         or value"
    ]
  }

  it.each(Object.entries(texts))("the place and the reason, and no line of the file: %s", (_, lines) => {
    const error = classify([...lines, ""].join("\n"))
    assert.deepStrictEqual(decisive(error), ["ManifestInvalid", { file: manifest, line: 7, column: 18 }])
    assert.strictEqual(error._tag === "ManifestInvalid" && error.reason, "unexpected key or value")
    const all = JSON.stringify(Schema.encodeSync(Errors.PackageManagerError)(error))
    assert.notInclude(all, "s3cret")
    assert.include(all, "7 | …")
  })

  it("a value is not quoted either", () => {
    const error = classify(
      current(
        "Failed to parse: pyproject.toml",
        `${header}\n         invalid type: string "s3cret", expected a sequence`
      )
    )
    assert.strictEqual(error._tag === "ManifestInvalid" && error.reason, "invalid type: string, expected a sequence")
    assert.notInclude(JSON.stringify(Schema.encodeSync(Errors.PackageManagerError)(error)), "s3cret")
  })

  it.each([
    ["pyproject.toml", manifest],
    ["member/pyproject.toml", "/ws/member/pyproject.toml"],
    ["/above/pyproject.toml", "/above/pyproject.toml"]
  ])("the file of %s is %s", (named, file) => {
    assert.deepStrictEqual(decisive(classify(old(`Failed to parse: \`${named}\``, header))), ["ManifestInvalid", {
      file,
      line: 7,
      column: 18
    }])
  })

  it("a warning alone is not the error", () => {
    const said = [...warning, ...indented(source, 2), "", old("Unable to find lockfile at `uv.lock`.")].join("\n")
    assert.strictEqual(tag(said), "LockOutdated")
  })

  it("the lock file", () =>
    assert.deepStrictEqual(decisive(classify(current("Failed to parse `uv.lock`", header))), ["LockInvalid", {
      file: lock,
      line: 7,
      column: 18
    }]))
})

describe("what is not drawn", () => {
  it("before 0.12.14 a lock file that is not up to date", () =>
    assert.strictEqual(
      tag("Resolved 2 packages in 3ms\nThe lockfile at `uv.lock` needs to be updated, but `--locked` was provided.\n"),
      "LockOutdated"
    ))

  it("hints may come before the error", () =>
    assert.deepStrictEqual(
      decisive(classify(
        `hint: \`a\` is in the \`dev\` group\n${
          old("The dependency `a` could not be found in `project.dependencies`")
        }`,
        "remove"
      )),
      ["DependencyNotFound", { packages: ["a"] }]
    ))

  it("a panic", () =>
    assert.deepStrictEqual(
      decisive(classify("thread 'main' panicked at src/a.rs:1:2:\nno way\nnote: run with `RUST_BACKTRACE=1`\n")),
      ["CommandFailed", { reason: "thread 'main' panicked at src/a.rs:1:2: no way" }]
    ))

  it("nothing", () => {
    const silent = ["CommandFailed", { reason: "exit code 2 without an error message" }] as const
    assert.deepStrictEqual(decisive(classify("")), silent)
    assert.deepStrictEqual(decisive(classify("Resolved 2 packages in 3ms\n + a==1\n")), silent)
  })

  it("colours", () =>
    assert.strictEqual(
      tag("\u001b[1m\u001b[31merror\u001b[39m\u001b[0m: Unable to find lockfile at `\u001b[36muv.lock\u001b[39m`\n"),
      "LockOutdated"
    ))
})

describe("signals", () => {
  it("what was killed says nothing for certain", () => {
    const stderr = old("Unable to find lockfile at `uv.lock`.")
    assert.deepStrictEqual(decisive(classify({ exitCode: null, signal: "SIGKILL", stderr })), ["CommandKilled", {
      signal: "SIGKILL"
    }])
  })

  it("Ctrl-C is an exit code where the files are put back", () => {
    const stderr = "Resolved 2 packages in 3ms\n"
    assert.deepStrictEqual(decisive(classify({ exitCode: 130, stderr })), ["CommandKilled", { signal: "SIGINT" }])
    assert.strictEqual(classify({ exitCode: 130, stderr: old("Unable to find lockfile at") })._tag, "LockOutdated")
  })
})

it("the error names the operation and the environment, and has the evidence", () => {
  const error = classify({ stdout: "out", stderr: "error: odd\n", exitCode: 2 }, "update")
  assert.deepStrictEqual(Schema.encodeSync(Errors.PackageManagerError)(error), {
    _tag: "CommandFailed",
    message: "uv failed in /ws: odd",
    manager: "uv",
    operation: "update",
    environment,
    reason: "odd",
    evidence: {
      command: ["uv", "sync", "--directory", environment],
      exitCode: 2,
      signal: null,
      stdout: "out",
      stderr: "error: odd\n"
    }
  })
})

it("any text has a class", () => {
  const pieces = [
    ...[
      "error: ",
      "  cause: ",
      "  Caused by: ",
      "  × ",
      "  ╰─▶ ",
      "  ├─▶ ",
      "hint: ",
      "  help: ",
      "warning: ",
      "\n",
      "\n\n"
    ],
    ...[
      "TOML parse error at line 1, column 2",
      "  |\n1 | a\n  | ^",
      "[stderr]",
      "we can conclude that a depends on b."
    ],
    ...[
      "No solution found when resolving dependencies:",
      "a was not found in the package registry",
      "Failed to parse: `",
      "`"
    ]
  ]
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 20 })
  fc.assert(fc.property(text, (parts) => {
    assert.isTrue(Schema.is(Errors.PackageManagerError)(classify(parts.join(""), "install", add("a"))))
  }))
})
