import { assert, describe, it } from "@effect/vitest"
import * as CommandWords from "../../src/mock/CommandWords.js"

const same = (a: ReadonlyArray<string>, b: ReadonlyArray<string>, options?: CommandWords.WordsOptions) =>
  CommandWords.equals(CommandWords.of(a, options), CommandWords.of(b, options))

describe("CommandWords", () => {
  it("where the environment is and where packages come from does not matter", () => {
    assert.deepStrictEqual(
      CommandWords.of(
        ["--no-progress", "add", "--directory", "/ws", "--offline", "--find-links=/w", "--no-index", "--", "b", "-a"]
      ),
      { command: "add", operands: ["-a", "b"], options: [] }
    )
    assert.isTrue(same(["add", "--manifest-path", "/ws/pixi.toml", "a", "b"], ["add", "--", "b", "a"]))
    assert.isTrue(same(["init", "/ws"], ["init", "--format=pixi", "--", "/ws"], { directory: "/ws" }))
    assert.isTrue(same(["init"], ["init", "--format", "pixi"]))
    assert.isTrue(
      same(
        ["pip", "list", "--format", "json", "-p", "/ws/.venv", "--directory", "/ws"],
        ["--directory=/ws", "pip", "list", "--format=json", "--python=/ws/.venv"]
      )
    )
  })

  it("the subcommand, the operands and the other options matter", () => {
    assert.isFalse(same(["add", "a"], ["remove", "a"]))
    assert.isFalse(same(["add", "a"], ["add", "a", "a"]))
    assert.isFalse(same(["add", "a"], ["add", "a=1"]))
    assert.isFalse(same(["install"], ["install", "--locked"]))
    assert.isFalse(same(["init", "/ws"], ["init", "/other"], { directory: "/ws" }))
    assert.isFalse(same(["init"], ["init", "--format", "pyproject"]))
    assert.isFalse(same(["sync", "-P", "a"], ["sync", "-P", "b"]))
    assert.isFalse(same(["add", "--", "--frozen"], ["add", "--frozen"]))
  })

  it("the form of an option does not matter, nor its place", () => {
    assert.isTrue(same(["init", "-c", "x", "-p=linux-64"], ["init", "--platform=linux-64", "--channel", "x"]))
    assert.isTrue(same(["sync", "-P", "a", "--frozen"], ["--frozen", "sync", "--upgrade-package=a"]))
    assert.deepStrictEqual(CommandWords.of(["add", "--group", "test", "a"]), {
      command: "add",
      operands: ["a"],
      options: ["--group=test"]
    })
  })

  it("more options can be left out, also with one value only", () => {
    const options = { ignore: ["--no-sync", "--python=3.12"] }
    assert.isTrue(same(["add", "a"], ["add", "--no-sync", "-p", "3.12", "a"], options))
    assert.isFalse(same(["add", "a"], ["add", "-p", "3.11", "a"], options))
  })

  it("there may be no subcommand", () => {
    assert.deepStrictEqual(CommandWords.of(["--version"]), {
      command: "--version",
      operands: [],
      options: ["--version"]
    })
    assert.deepStrictEqual(CommandWords.of([]), { command: undefined, operands: [], options: [] })
    assert.deepStrictEqual(CommandWords.of(["add", "--group"]).options, ["--group"])
  })
})
