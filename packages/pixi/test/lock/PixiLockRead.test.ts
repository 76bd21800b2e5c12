import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import { readFileSync } from "node:fs"
import * as PixiLock from "../../src/lock/PixiLock.js"

const fixture = (format: number) => readFileSync(new URL(`locks/format-${format}.lock`, import.meta.url), "utf8")

const packagesOf = (lock: PixiLock.PixiLock, environment: string, platform: string) =>
  lock.environments.get(environment)?.packages.get(platform) ?? []

const namesOf = (packages: Iterable<PixiLock.LockedPackage>) => [...packages].map(({ name }) => name).sort()

describe("PixiLock.read", () => {
  it.effect("gives the same packages for all formats", () =>
    Effect.gen(function*() {
      for (const format of [1, 2, 3, 5]) {
        const lock = yield* PixiLock.read(fixture(format))
        const [xz] = packagesOf(lock, "default", "linux-64").filter(({ name }) => name === "xz")
        assert.deepStrictEqual({ ...xz, subdir: "linux-64" }, {
          kind: "conda",
          type: "archive",
          name: "xz",
          version: "5.2.10",
          build: "h166bdaf_0",
          subdir: "linux-64",
          location: "https://conda.anaconda.org/conda-forge/linux-64/xz-5.2.10-h166bdaf_0.tar.bz2",
          channel: "https://conda.anaconda.org/conda-forge",
          index: null,
          sha256: null,
          md5: "2161070d867d1b1204ea749c8eec4ef0",
          size: null,
          dependencies: ["libgcc-ng >=12"],
          reference: "https://conda.anaconda.org/conda-forge/linux-64/xz-5.2.10-h166bdaf_0.tar.bz2"
        })
        assert.strictEqual(lock.format, format)
        assert.deepStrictEqual(lock.platforms.map(({ name }) => name).sort(), ["linux-64", "osx-arm64"])
        assert.deepStrictEqual(lock.environments.get("default")?.channels, ["https://conda.anaconda.org/conda-forge"])
      }
      for (const format of [4, 6, 7]) {
        const lock = yield* PixiLock.read(fixture(format))
        const packages = packagesOf(lock, "default", "linux-64")
        const location = format === 4 ? "file:///srv/our%20channel" : "/srv/our channel"
        const [native] = packages.filter(({ name }) => name === "native")
        assert.deepStrictEqual(native, {
          kind: "conda",
          type: "archive",
          name: "native",
          version: "1.0",
          build: "0",
          subdir: "linux-64",
          location: `${location}/linux-64/native-1.0-0.tar.bz2`,
          channel: "file:///srv/our%20channel",
          index: null,
          sha256: "a273f0da3af8b9bc28a7e59f00ecd64db80ee75c680b06f6e127bf694bcdc3b6",
          md5: "ea1f2eacccdadab57951a0f4917d7925",
          size: 493,
          dependencies: ["libleaf"],
          reference: `${location}/linux-64/native-1.0-0.tar.bz2`
        })
        const [click] = packages.filter(({ name }) => name === "click")
        assert.deepStrictEqual(click?.dependencies, ["colorama ; platform_system == 'Windows'"])
        assert.deepStrictEqual([...lock.environments.keys()], ["default", "test"])
        assert.strictEqual(lock.packages.length, 4)
      }
    }))

  it.effect("knows platforms that the manifest names, and sources", () =>
    Effect.gen(function*() {
      const lock = yield* PixiLock.read(`version: 7
platforms:
- name: gpu
  subdir: linux-64
  virtual-packages:
  - __cuda=12
environments:
  default:
    channels:
    - url: https://user:secret@host/channel/
    packages:
      gpu:
      - conda_source: mine[1a2b3c4d] @ ./mine
      - pypi: ./wheels/theirs-1.0-py3-none-any.whl
      - pypi: ./other
packages:
- conda_source: mine[1a2b3c4d] @ ./mine
  variants:
    target_platform: linux-64
- pypi: ./wheels/theirs-1.0-py3-none-any.whl
  name: theirs
  version: 1.10
  index: https://user:secret@host/simple/
  requires_dist:
  - Other[extra]>=1
- pypi: ./other
  name: other
`)
      assert.deepStrictEqual(lock.platforms, [{ name: "gpu", subdir: "linux-64", virtualPackages: ["__cuda=12"] }])
      assert.deepStrictEqual(lock.environments.get("default")?.channels, ["https://host/channel"])
      const packages = packagesOf(lock, "default", "gpu")
      assert.deepStrictEqual(
        packages.map(({ index, kind, location, name, type, version }) => [kind, type, name, version, location, index]),
        [
          ["conda", "source", "mine", null, "./mine", null],
          ["pypi", "archive", "theirs", "1.10", "./wheels/theirs-1.0-py3-none-any.whl", "https://host/simple"],
          ["pypi", "source", "other", null, "./other", null]
        ]
      )
    }))

  it.effect("names both formats of what is newer", () =>
    Effect.gen(function*() {
      const { newer, reason } = yield* Effect.flip(PixiLock.read("version: 8\npackages: []\n"))
      assert.deepStrictEqual(newer, { format: "8", newest: PixiLock.newestFormat })
      assert.strictEqual(reason, "its format is 8, and the newest known format is 7")
      const long = yield* Effect.flip(PixiLock.read(`version: ${"9".repeat(100_000)}\n`))
      assert.isBelow(long.message.length, 200)
    }))

  it.effect("fails for a size that is none, and for platforms where there were none", () =>
    Effect.gen(function*() {
      const conda = "https://h/c/noarch/a-1.0-0.conda"
      for (const size of ["-1", "1.5", "0x10", "x", "1e3", "99999999999999999999"]) {
        const text = `version: 6\nenvironments: {}\npackages:\n- conda: ${conda}\n  size: ${size}\n`
        assert.include((yield* Effect.flip(PixiLock.read(text))).reason, "size")
      }
      const text = "version: 6\nplatforms: []\nenvironments: {}\npackages: []\n"
      assert.include((yield* Effect.flip(PixiLock.read(text))).reason, "platforms")
    }))
})

describe("hostile texts", () => {
  const survives = (text: string) => {
    const exit = Effect.runSyncExit(PixiLock.decode(text))
    if (Exit.isFailure(exit)) {
      assert.strictEqual(exit.cause._tag, "Fail")
      if (exit.cause._tag === "Fail") assert.instanceOf(exit.cause.error, PixiLock.PixiLockError)
    }
  }

  it("with other bytes lead to a value or an error", () => {
    const files = [1, 2, 3, 4, 5, 6, 7].map((format) => Buffer.from(fixture(format)))
    const edit = FastCheck.record({ at: FastCheck.nat(), byte: FastCheck.nat({ max: 255 }), length: FastCheck.nat(3) })
    FastCheck.assert(
      FastCheck.property(
        FastCheck.nat({ max: 6 }),
        FastCheck.array(edit, { minLength: 1, maxLength: 8 }),
        FastCheck.option(FastCheck.nat()),
        (file, edits, end) => {
          const bytes = Buffer.from(files[file] ?? "")
          for (const { at, byte, length } of edits) bytes.subarray(at % bytes.length).subarray(0, length).fill(byte)
          survives(bytes.subarray(0, end === null ? bytes.length : end % bytes.length).toString())
        }
      ),
      { numRuns: 2000 }
    )
  })

  it("of many megabytes take time in proportion to their length", () => {
    const packages = (count: number) => "- conda: https://h/c/noarch/a-1.0-0.conda\n".repeat(count)
    const slashes = "/".repeat(300_000)
    const name = "a".repeat(300_000)
    const texts = [
      `version: 6\nenvironments: {}\npackages:\n${packages(50_000)}`,
      `version: 6\nenvironments:\n  default:\n    packages:\n      linux-64:\n${
        "      - conda: https://h/c/noarch/a-1.0-0.conda\n".repeat(50_000)
      }packages:\n${packages(900)}`,
      ...[`${slashes}a`, `a${slashes}`, `${name}/x.whl`, `${name}-1-0.conda`, "-".repeat(300_000) + ".conda"].map((
        at
      ) =>
        `version: 7\nplatforms: [{name: linux-64}]\nenvironments: {default: {packages: {linux-64: [{pypi: ${
          JSON.stringify(at)
        }}]}}}\npackages: [{pypi: ${JSON.stringify(at)}, name: a}, {conda: ${JSON.stringify(at)}, name: a}]\n`
      ),
      `version: 6\nenvironments:\n  default:\n    indexes:\n${
        "    - https://h/simple\n".repeat(20_000)
      }    packages: {}\npackages: []\n`,
      `${"a:\n ".repeat(100_000)}`,
      `${Array.from({ length: 2000 }, (_, depth) => `${" ".repeat(depth)}- a:\n`).join("")}`,
      "[".repeat(1_000_000),
      "- ".repeat(1_000_000),
      `version: 6\n${Array.from({ length: 50_000 }, (_, at) => `k${at}: a\n`).join("")}`,
      `version: 6\nenvironments: {}\npackages:\n- conda: ./a\n${
        Array.from({ length: 50_000 }, (_, at) => `  k${at}: a\n`).join("")
      }`
    ]
    // In the time limit of the test: with the square of their size they would take hours.
    for (const text of texts) survives(text)
  }, 60_000)

  it("change no object", () => {
    survives("version: 6\nenvironments:\n  __proto__:\n    packages: {}\npackages:\n- conda: ./a\n  __proto__: b\n")
    assert.notProperty({}, "packages")
    for (const name of ["constructor", "toString", "hasOwnProperty", "valueOf"]) {
      const text =
        `version: 6\nenvironments:\n  ${name}:\n    packages:\n      ${name}:\n      - pypi: ./a\npackages:\n- pypi: ./a\n  name: ${name}\n`
      const lock = Effect.runSync(PixiLock.read(text))
      assert.deepStrictEqual(namesOf(packagesOf(lock, name, name)), [name])
    }
  })
})
