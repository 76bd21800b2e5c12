import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as Pep508 from "../src/Pep508.js"

const parsed = (text: string) => {
  const requirement = Either.getOrThrowWith(Pep508.parse(text), ({ reason }) => new Error(`${text}: ${reason}`))
  const { extras, marker, name, specifier, url } = requirement
  return [name, extras.join(), specifier, url, marker?.text ?? null]
}

const isTrue = (marker: string, environment: Pep508.Environment, choice: Pep508.Choice = {}) =>
  Pep508.evaluate(
    Either.getOrThrowWith(Pep508.parseMarker(marker), ({ reason }) => new Error(`${marker}: ${reason}`)),
    environment,
    choice
  )

const linux = Pep508.environmentOf("linux-64", "3.11.7")

describe("Pep508.compareVersions", () => {
  it("orders versions as PEP 440 does", () => {
    const ordered = [
      "no version",
      "1.dev1",
      "1.0a1.dev1",
      "1.0a1",
      "1.0.alpha.2",
      "1.0a10",
      "1.0b1",
      "1.0c1",
      "1.0rc2",
      "1.0",
      "1.0+abc",
      "1.0+abc.7",
      "1.0+5",
      "1.0+10",
      "1.0.post1.dev2",
      "1.0-1",
      "1.0.post2",
      "1.0.1",
      "1.9",
      "1.10",
      "20240101.120000000000001",
      "1!0.5"
    ]
    for (const [index, version] of ordered.entries()) {
      for (const [other, later] of ordered.entries()) {
        assert.strictEqual(
          Math.sign(Pep508.compareVersions(version, later)),
          Math.sign(index - other),
          `${version} ${later}`
        )
      }
    }
    for (
      const [a, b] of [["1.0", "v1"], ["1.0", "1.0.0"], ["1.0.POST", "1-0"], ["1.0_rc", "1.0RC0"], ["1.0+a-b", "1+A.b"]]
    ) {
      assert.strictEqual(Pep508.compareVersions(a ?? "", b ?? ""), 0, `${a} ${b}`)
    }
  })

  it("knows what is no version", () => {
    for (const text of ["", "1.", "1..0", "a", "1.0+", "1.0+a_", "1.0.*", "1.0 1", "18446744073709551616", "１.0"]) {
      assert.isFalse(Pep508.isVersion(text), text)
    }
  })
})

describe("Pep508.admits", () => {
  it("compares as PEP 440 says", () => {
    for (
      const [specifier, admitted, refused] of [
        ["", "1.0 2.0a1", ""],
        ["==1.0", "1 1.0.0 1.0+local", "1.0.1 1.0a1"],
        ["==1.0+local", "1.0+local", "1.0 1.0+other"],
        ["==1.1.*", "1.1 1.1.9 1.1a1", "1 1.10 1!1.1"],
        ["!=1.1.*", "1 1.10", "1.1.5"],
        ["~=2.2", "2.2 2.9.1", "2.1 3.0"],
        ["~=2.2.3", "2.2.3 2.2.9", "2.3"],
        [">=1.0,<2", "1.0 1.9.9", "0.9 2.0 2.0rc1"],
        ["<2.0rc2", "2.0rc1", "2.0"],
        [">1.0", "1.0.1", "1.0 1.0.post1 1.0+local"],
        [">1.0.post1", "1.0.post2", "1.0.post1"],
        ["===1.0", "1.0", "1.0.0"]
      ] as const
    ) {
      for (const version of admitted.split(" ")) {
        assert.isTrue(Pep508.admits(specifier, version), `${specifier} ${version}`)
      }
      for (const version of refused.split(" ").filter((text) => text !== "")) {
        assert.isFalse(Pep508.admits(specifier, version), `${specifier} ${version}`)
      }
    }
  })

  it("says why a text is no specifier", () => {
    for (const text of ["3.11", ">=1.*", "~=1", "<1+local", "=1", ">=1,", " ", "==1.0a1.*", ">=x"]) {
      assert.isString(Pep508.specifierProblem(text), text)
      assert.isFalse(Pep508.admits(text, "1.0"), text)
    }
  })
})

describe("Pep508.parse", () => {
  it("reads requirements", () => {
    for (
      const [text, ...expected] of [
        ["numpy", "numpy", "", "", null, null],
        [" Ruamel.Yaml__Clib >= 0.2 , < 1 ", "ruamel-yaml-clib", "", ">=0.2,<1", null, null],
        ["a[ B_c , d ] (>=1,!=1.5)", "a", "b-c,d", ">=1,!=1.5", null, null],
        ["a>=1,", "a", "", ">=1", null, null],
        ["a[]==1.10", "a", "", "==1.10", null, null],
        ["a;os_name=='nt'", "a", "", "", null, "os_name=='nt'"],
        ["a ~= 1.0 ; python_version < '3'", "a", "", "~=1.0", null, "python_version < '3'"],
        [
          "a @ https://x.org/a.zip#sha256=1 ; os_name == 'nt'",
          "a",
          "",
          "",
          "https://x.org/a.zip#sha256=1",
          "os_name == 'nt'"
        ],
        ["a[b]@git+ssh://git@x.org/a@v1", "a", "b", "", "git+ssh://git@x.org/a@v1", null],
        ["a @ /srv/my a ; os_name == 'nt'", "a", "", "", "/srv/my a", "os_name == 'nt'"],
        ["a @ file:///srv/a", "a", "", "", "file:///srv/a", null]
      ] as const
    ) {
      assert.deepStrictEqual(parsed(text), expected, text)
    }
  })

  it("says where it is wrong", () => {
    for (
      const [text, at] of [
        ["", 0],
        ["-a", 0],
        ["a b", 2],
        ["a[b", 1],
        ["a[b,]", 2],
        ["a=1", 1],
        ["a (>=1", 2],
        ["a @ ", 4],
        ["a @ ../b", 4],
        ["a @ https://x.org/b", 4],
        ["a; os_name", 10],
        ["a; os == 'nt'", 3],
        ["a; os_name == 'nt", 14],
        ["a; os_name = 'nt'", 11],
        ["a; (os_name == 'nt'", 3],
        ["a; os_name == 'nt' if", 19],
        ["a; extras in 'b'", 3],
        ["a; 'b' == extras", 3],
        ["a.tar.gz", 0]
      ] as const
    ) {
      assert.strictEqual(Either.isLeft(Pep508.parse(text)), true, text)
      assert.strictEqual(Either.getOrThrow(Either.flip(Pep508.parse(text))).at, at, text)
    }
  })

  it("what is nested too deeply is refused", () => {
    const nested = (depth: number) => `a; ${"(".repeat(depth)}os_name == 'nt'${")".repeat(depth)}`
    assert.isTrue(Either.isRight(Pep508.parse(nested(100))))
    assert.isTrue(Either.isLeft(Pep508.parse(nested(1_000_000))))
  })
})

describe("Pep508.evaluate", () => {
  it("is for an environment", () => {
    const windows = Pep508.environmentOf("win-64", "3.9.2")
    const mac = Pep508.environmentOf("osx-arm64", "3.14.0rc1")
    for (
      const [marker, ...expected] of [
        ["sys_platform == 'linux'", true, false, false],
        ["os_name == 'posix' and platform_system != 'Darwin'", true, false, false],
        ["python_version < '3.10' or sys_platform == 'darwin'", false, true, true],
        ["(python_version < '3.10' or sys_platform == 'darwin') and platform_machine == 'arm64'", false, false, true],
        ["python_version >= '3.9' and os_name == 'nt' or os_name == 'posix'", true, true, true],
        ["python_version > '3.2'", true, true, true],
        ["python_full_version >= '3.14'", false, false, true],
        ["python_full_version < '3.11.10'", true, true, false],
        ["'3.11' <= python_version", true, false, true],
        ["python_version == '3.*'", true, true, true],
        ["python_version ~= '3.11'", true, false, true],
        ["python_version in '3.9 3.11'", true, true, false],
        ["python_version not in '3.9, 3.11'", true, true, true],
        ["sys_platform in 'linux darwin'", true, false, true],
        ["'win' in sys_platform", false, true, true],
        ["'win' not  in sys_platform", true, false, false],
        ["platform_machine == 'x86_64' or platform_machine == 'AMD64'", true, true, false],
        ["implementation_name == 'cpython' and platform_python_implementation == \"CPython\"", true, true, true],
        ["os.name == 'nt' and python_implementation == 'CPython'", false, true, false],
        ["extra == 'x'", false, false, false],
        ["extra != 'x'", true, true, true],
        ["python_version < sys_platform", true, true, true],
        ["'a' == 'b' and os_name == 'nt'", false, true, false],
        ["python_version >= 'x'", true, true, true],
        ["sys_platform > 'l'", true, true, false]
      ] as const
    ) {
      const actual = [linux, windows, mac].map((environment) => isTrue(marker, environment))
      assert.deepStrictEqual(actual, [...expected], marker)
    }
  })

  it("is for the extras and groups that are chosen", () => {
    const choice = { extras: new Set(["gpu", "extra-4-demo-cpu"]), groups: new Set(["dev"]) }
    for (
      const [marker, expected] of [
        ["extra == 'GPU'", true],
        ["extra == 'cpu'", false],
        ["extra == 'extra-4-demo-cpu' and extra != 'extra-4-demo-gpu'", true],
        ["'gpu' in extras", true],
        ["'dev' in dependency_groups and 'test' not in dependency_groups", true]
      ] as const
    ) {
      assert.strictEqual(isTrue(marker, linux, choice), expected, marker)
    }
  })

  it("a Python from its repository is one", () => {
    assert.isTrue(isTrue("python_full_version >= '3.11'", { ...linux, python_full_version: "3.13.0a1+" }))
  })
})
