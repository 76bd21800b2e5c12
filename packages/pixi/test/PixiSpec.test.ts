import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as PixiSpec from "../src/PixiSpec.js"

const valid: ReadonlyArray<readonly [text: string, name: string]> = [
  ["greet", "greet"],
  ["Greet", "greet"],
  ["  greet  ", "greet"],
  ["_libgcc_mutex", "_libgcc_mutex"],
  ["7zip", "7zip"],
  ["ruamel.yaml", "ruamel.yaml"],
  ["greet==1.0", "greet"],
  ["greet=1.0", "greet"],
  ["greet=1.0=0", "greet"],
  ["greet=1.0=py*", "greet"],
  ["greet 1.0", "greet"],
  ["greet 1.0 0", "greet"],
  ["greet 2.*", "greet"],
  ["greet *", "greet"],
  ["greet * *cuda*", "greet"],
  ["greet>=1,<2", "greet"],
  ["greet >=1, <2", "greet"],
  ["greet >= 1", "greet"],
  ["greet~=1.0", "greet"],
  ["greet!=2", "greet"],
  ["greet>=1,<2|>3", "greet"],
  ["greet (>=1,<2)|>3", "greet"],
  ["greet 1!2.0+local", "greet"],
  ["greet[version='>=2']", "greet"],
  ["greet[version=\">=2\", build=\"py*\"]", "greet"],
  ["greet>=1[build='0']", "greet"],
  ["conda-forge::greet>=1", "greet"],
  ["conda-forge/linux-64::greet", "greet"],
  ["https://example.org/channel::greet 1.0", "greet"],
  ["https://example.org/noarch/my-greet-1.0-0.conda", "my-greet"],
  ["https://example.org/noarch/greet-1.0-0.tar.bz2#0123abcd", "greet"]
]

const refused: ReadonlyArray<readonly [text: string, reason: RegExp]> = [
  ["", /empty/],
  ["  ", /empty/],
  ["greet\n", /control character/],
  ["greet\0", /control character/],
  ["gr\teet", /control character/],
  ["--help", /name of a package/],
  ["-c", /name of a package/],
  ["==1.0", /does not start with the name/],
  [">=1", /does not start with the name/],
  ["*", /does not start with the name/],
  ["g*", /pattern/],
  ["grüezi", /name of a package/],
  ["greet/x", /name of a package/],
  ["../greet", /name of a package/],
  ["greet # comment", /#/],
  ["gr eet==", /missing at its end/],
  ["greet==", /missing at its end/],
  ["greet>=1,", /missing at its end/],
  ["greet>>1", />>/],
  ["greet=>1", /=>/],
  ["greet===1", /===/],
  ["greet[version='1'", /not closed/],
  ["greet @ https://example.org/x.whl", /URL|conda/],
  ["https://example.org/greet.whl", /URL/]
]

describe("PixiSpec", () => {
  it.each(valid)("takes %j", (text, name) => {
    assert.deepStrictEqual(Either.map(PixiSpec.parse(text), (spec) => spec.name), Either.right(name))
  })

  it.each(refused)("refuses %j", (text, reason) => {
    const parsed = PixiSpec.parse(text)
    assert.isTrue(Either.isLeft(parsed))
    if (Either.isLeft(parsed)) {
      assert.strictEqual(parsed.left.spec, text)
      assert.match(parsed.left.reason, reason)
    }
  })

  it("knows a bare name", () => {
    const isBare = (text: string) => Either.getOrThrow(PixiSpec.parse(text)).isBare
    assert.deepStrictEqual(["greet", " Greet ", "greet *", "c::greet", "greet[build='0']"].map(isBare), [
      true,
      true,
      false,
      false,
      false
    ])
  })

  it("takes what is said twice once, and refuses what contradicts itself", () => {
    assert.deepStrictEqual(
      Either.map(PixiSpec.parseAll(["a", "b", "a"]), (specs) => specs.map(({ spec }) => spec)),
      Either.right(["a", "b"])
    )
    assert.deepStrictEqual(
      PixiSpec.parseAll(["a", "b", "A==1.0"]),
      Either.left({ spec: "A==1.0", reason: "\"a\" names the same package" })
    )
  })

  it("makes Python's spec", () => {
    assert.deepStrictEqual(PixiSpec.python("3.12"), Either.right("python 3.12.*"))
    assert.deepStrictEqual(PixiSpec.python("3.12.*"), Either.right("python 3.12.*"))
    assert.deepStrictEqual(PixiSpec.python(" 3 "), Either.right("python 3.*"))
    assert.deepStrictEqual(PixiSpec.python(">=3.11, <3.13"), Either.right("python >=3.11,<3.13"))
    assert.deepStrictEqual(PixiSpec.python("==3.12.*|>=3.13"), Either.right("python ==3.12.*|>=3.13"))
    for (const text of ["", "latest", "3.12 numpy", "--help", ">=", "3..1", "3.12\n4"]) {
      assert.isTrue(Either.isLeft(PixiSpec.python(text)), text)
    }
  })

  it.each([
    ["Requests", { spec: "Requests", name: "requests", isBare: true }],
    [" my.Pkg_x ", { spec: "my.Pkg_x", name: "my-pkg-x", isBare: true }],
    ["a[x]", { spec: "a[x]", name: "a", isBare: false }],
    ["a>=1,<2; python_version < '3.13'", { spec: "a>=1,<2; python_version < '3.13'", name: "a", isBare: false }],
    ["a @ https://x/a-1.0-py3-none-any.whl#sha256=0", {
      spec: "a @ https://x/a-1.0-py3-none-any.whl#sha256=0",
      name: "a",
      isBare: false
    }]
  ])("reads the requirement %j", (text, expected) => {
    assert.deepStrictEqual(PixiSpec.parsePypi(text), Either.right(expected))
  })

  it.each(["", "--help", "-a", "a b", "a 1.*", "a==", "a\n", "a # b", "=1", "numpy::a"])(
    "is no requirement: %j",
    (text) => {
      const parsed = PixiSpec.parsePypi(text)
      assert.isTrue(Either.isLeft(parsed))
      if (Either.isLeft(parsed)) assert.strictEqual(parsed.left.spec, text)
    }
  )

  it("knows that names of Python are the same however they are written", () => {
    assert.deepStrictEqual(
      PixiSpec.parseAll(["a_b", "A.b>1"], PixiSpec.parsePypi),
      Either.left({ spec: "A.b>1", reason: "\"a_b\" names the same package" })
    )
  })
})
