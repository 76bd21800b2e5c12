import { assert, describe, it } from "@effect/vitest"
import * as Argv from "../src/Argv.js"
import * as Commands from "../src/Commands.js"

const parse = (...argv: ReadonlyArray<string>) => Argv.parse(argv).parsed

const call = (...argv: ReadonlyArray<string>) => {
  const parsed = parse(...argv)
  assert(parsed._tag === "Call", JSON.stringify(parsed))
  return parsed
}

const problem = (...argv: ReadonlyArray<string>) => {
  const parsed = parse(...argv)
  assert(parsed._tag === "Invalid", JSON.stringify(parsed))
  return parsed.message
}

describe("Argv", () => {
  it("without a command it is the story", () => {
    assert.deepInclude(call(), { command: "story", path: "", words: [], options: {}, shared: {} })
    assert.deepInclude(call("--json", "--manager", "uv"), { command: "story", shared: { json: true, manager: "uv" } })
  })

  it("options may be anywhere", () => {
    const expected = call("--json", "--manager", "uv", "install", "PATH", "greet")
    assert.deepInclude(expected, { command: "install", path: "PATH", words: ["greet"] })
    assert.deepStrictEqual(call("install", "--json", "PATH", "--manager", "uv", "greet"), expected)
    assert.deepStrictEqual(call("install", "PATH", "greet", "--json", "--manager=uv"), expected)
    assert.deepStrictEqual(call("install", "PATH", "--json", "--manager=uv", "--", "greet"), expected)
  })

  it("options have the names of the library", () => {
    assert.deepStrictEqual(call("--name", "x", "init", "--channel", "a", "PATH", "--channel", "b").options, {
      name: "x",
      channels: ["a", "b"]
    })
    assert.deepStrictEqual(call("update", "e", "--no-install", "--dry-run", "--with-group=g").options, {
      noInstall: true,
      dryRun: true,
      groups: ["g"]
    })
    assert.deepStrictEqual(call("run", "e", "--variable", "A=1=2", "--variable", "B=", "--", "x").options, {
      variables: { A: "1=2", B: "" }
    })
  })

  it("what follows -- is no option", () => {
    const words = ["--help", "--json", "--", "-x", "", " a "]
    assert.deepInclude(call("install", "PATH", "--", ...words), { path: "PATH", words, shared: {} })
    assert.deepInclude(call("--", "list", "--json"), { command: "list", path: "--json" })
  })

  it("a value may be empty, begin with - and contain =", () => {
    assert.deepStrictEqual(call("init", "PATH", "--name=", "--python=>=3.12", "--channel=-x\ny").options, {
      name: "",
      python: ">=3.12",
      channels: ["-x\ny"]
    })
  })

  it("a value that is the name of a command is not taken for one", () => {
    assert.deepInclude(call("list", "PATH", "--config", "story"), { command: "list", shared: { config: "story" } })
  })

  it("a flag may be repeated", () => {
    assert.deepStrictEqual(call("list", "PATH", "--json", "--json").shared, { json: true })
  })

  it("help and version precede everything", () => {
    assert.deepStrictEqual(parse("install", "--nonsense", "PATH", "--help"), { _tag: "Help", command: "install" })
    for (const argv of [["-h"], ["nonsense", "--help"]]) {
      assert.deepStrictEqual(parse(...argv), { _tag: "Help", command: undefined })
    }
    assert.deepStrictEqual(parse("list", "--version"), { _tag: "Version" })
  })

  it("says what is wrong", () => {
    assert.match(problem("nonsense"), /^unknown command "nonsense"\. The commands are story, init, .*, environments\.$/)
    assert.match(problem("toString", "PATH"), /^unknown command/)
    assert.match(problem("list", "--constructor", "PATH"), /^darb list has no option --constructor/)
    assert.strictEqual(
      problem("run", "PATH", "python", "-c", "x"),
      "darb run has no option -c. Put arguments that begin with - after --."
    )
    assert.match(problem("list", "PATH", "--name", "x"), /^darb list has no option --name\./)
    for (const argv of [["--name"], ["--name", "--json"]]) {
      assert.strictEqual(
        problem("init", "PATH", ...argv),
        "--name needs a value. Write one that begins with - as --name=VALUE."
      )
    }
    assert.strictEqual(problem("init", "PATH", "--name", "a", "--name", "b"), "--name is given more than once")
    assert.strictEqual(problem("list", "PATH", "--json=yes"), "--json takes no value")
    assert.strictEqual(problem("run", "PATH", "--variable", "x"), "--variable needs NAME=VALUE")
    assert.strictEqual(problem("list"), "PATH is missing")
    assert.strictEqual(problem("remove", "PATH"), "NAME is missing")
    assert.strictEqual(problem("list", "a", "b"), `darb list does not take the argument "b"`)
    assert.strictEqual(problem("environments", "a"), `darb environments does not take the argument "a"`)
  })

  it("suggests what was meant", () => {
    assert.strictEqual(problem("lst", "PATH"), `unknown command "lst". Did you mean list?`)
    assert.strictEqual(problem("add", "PATH", "x"), `unknown command "add". Did you mean install?`)
    assert.strictEqual(problem("list", "PATH", "--jsn"), "darb list has no option --jsn. Did you mean --json?")
    for (const name of Object.keys(Commands.synonyms)) assert.notProperty(Commands.commands, name)
  })

  it("knows that JSON is wanted, also if something is wrong", () => {
    assert.isTrue(Argv.parse(["nonsense", "--foo", "--json"]).json)
    assert.isTrue(Argv.parse(["--help", "--json"]).json)
    assert.isFalse(Argv.parse(["list", "--name=--json", "--", "--json"]).json)
  })
})
