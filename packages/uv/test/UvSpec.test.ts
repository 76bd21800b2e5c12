import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as UvSpec from "../src/UvSpec.js"

const reason = (text: string) => Either.match(UvSpec.parse(text), { onLeft: ({ reason }) => reason, onRight: () => "" })

describe("UvSpec", () => {
  it("takes requirements, with their normalized names", () => {
    for (
      const [text, name, isBare] of [
        ["greet", "greet", true],
        [" Dotted.Name ", "dotted-name", true],
        ["greet==1.0", "greet", false],
        ["greet>=1,<2", "greet", false],
        ["greet[extra]", "greet", false],
        ["greet; python_version < '3.12'", "greet", false],
        ["greet @ https://example.com/greet-1.0-py3-none-any.whl", "greet", false]
      ] as const
    ) {
      assert.deepStrictEqual(UvSpec.parse(text), Either.right({ spec: text.trim(), name, isBare }), text)
    }
  })

  it("says why it refuses a text", () => {
    assert.match(reason(""), /empty/)
    assert.match(reason(" "), /empty/)
    assert.match(reason("--help"), /never starts with -/)
    assert.match(reason("greet\n"), /control character/)
    assert.match(reason("greet\u0000"), /control character/)
    for (
      const text of ["./wheel.whl", "../x", "/abs/x.whl", "git+https://example.com/x", "https://example.com/x.whl"]
    ) {
      assert.match(reason(text), /NAME @ URL/, text)
    }
    for (const text of ["greet=1.0", "greet >>1", "greet==", "gr eet", "greet #c", "é", "requirements.txt;"]) {
      assert.notStrictEqual(reason(text), "", text)
    }
  })

  it("one that is refused refuses them all", () => {
    const refused = UvSpec.parseAll(["greet", "a b", ""])
    assert.strictEqual(Either.isLeft(refused) ? refused.left.spec : "", "a b")
  })

  it("Python is a version, or constraints", () => {
    for (const text of ["3", "3.12", "3.12.1", ">=3.11", ">=3.11,<3.13", "==3.12.*", "~=3.11"]) {
      assert.isUndefined(UvSpec.pythonProblem(text), text)
    }
    for (
      const text of ["", "x", "3.12.*", "3.x", "cpython", ">=", "=3.12", "3.12 --x", "/usr/bin/python3", "3.1.2.3"]
    ) {
      assert.match(UvSpec.pythonProblem(text) ?? "", /neither/, text)
    }
  })
})
