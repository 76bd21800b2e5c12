import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Argv from "../src/Argv.js"
import * as Cli from "../src/Cli.js"
import * as Captured from "./Captured.js"

const args = (line: string) => {
  const { args, problem } = Argv.normalize(line.split(" "))
  assert.isUndefined(problem)
  return args.join(" ")
}

const problem = (line: string) => Argv.normalize(line.split(" ")).problem

describe("Argv", () => {
  it("without a command it is the story", () => {
    assert.deepStrictEqual(Argv.normalize([]), { args: ["story", "--"], json: false, problem: undefined })
    assert.strictEqual(args("--json --manager uv"), "--json --manager uv story --")
  })

  it("options may be anywhere", () => {
    const normal = "--json --manager uv install -- PATH greet"
    assert.strictEqual(args("--json --manager uv install PATH greet"), normal)
    assert.strictEqual(args("install --json PATH --manager uv greet"), normal)
    assert.strictEqual(args("install PATH greet --json --manager uv"), normal)
    assert.strictEqual(args("install PATH --json --manager=uv -- greet"), normal)
  })

  it("the options of a command follow it", () => {
    assert.strictEqual(
      args("--name x init --channel a PATH --channel b --json"),
      "--json init --name x --channel a --channel b -- PATH"
    )
  })

  it("what follows -- is no option", () => {
    assert.deepStrictEqual(Argv.normalize(["install", "PATH", "--", "--help", "--json", "--", "-x", ""]), {
      args: ["install", "--", "PATH", "--help", "--json", "--", "-x", "\u0001"],
      json: false,
      problem: undefined
    })
    assert.strictEqual(args("-- list --json"), "list -- --json")
  })

  it("what follows -- belongs to the program", () => {
    assert.deepStrictEqual(
      Argv.normalize(["run", "--directory", "d", "PATH", "--", "python", "-c", "print(1) ", "--environment", "e"]).args,
      ["run", "--directory", "d", "--", "PATH", "python", "-c", "\u0001print(1)%20", "--environment", "e"]
    )
    assert.match(problem("run PATH python -c x") ?? "", /^unknown option -c; put arguments that begin with - after --/)
  })

  it("a value may be empty, begin with - and contain =", () => {
    assert.deepStrictEqual(
      Argv.normalize(["init", "PATH", "--name=", "--python=>=3.12", "--channel=-x\ny"]).args,
      ["init", "--name", "\u0001", "--python", ">=3.12", "--channel", "-x\ny", "--", "PATH"]
    )
  })

  it("a value that is the name of a command is not taken for one", () => {
    assert.strictEqual(args("list PATH --config story"), "--config=story list -- PATH")
  })

  it("a flag may be repeated", () => {
    assert.strictEqual(args("list PATH --json --json"), "--json list -- PATH")
  })

  it("help and version precede everything", () => {
    assert.strictEqual(args("install --nonsense PATH --help"), "--help install --help")
    assert.strictEqual(args("-h"), "--help")
    assert.strictEqual(args("nonsense --help"), "--help")
    assert.strictEqual(args("list --version"), "--version")
    assert.strictEqual(args("--completions bash"), "--completions bash")
  })

  it("says what makes no sense", () => {
    assert.strictEqual(
      problem("lst PATH"),
      `unknown command "lst"; the commands are story, init, install, remove, update, list, status, manifest, run, clean, destroy, environments`
    )
    assert.match(problem("list --jsn PATH") ?? "", /^unknown option --jsn;/)
    assert.match(problem("install PATH -greet") ?? "", /^unknown option -greet;/)
    assert.strictEqual(problem("list PATH --name x"), "darb list has no option --name")
    assert.match(problem("init PATH --name") ?? "", /^--name needs a value;/)
    assert.match(problem("init PATH --name --json") ?? "", /^--name needs a value;/)
    assert.strictEqual(problem("init PATH --name a --name b"), "--name is given more than once")
    assert.strictEqual(problem("list PATH --json=yes"), "--json takes no value")
    assert.match(problem("toString PATH") ?? "", /^unknown command/)
    assert.match(problem("list --constructor PATH") ?? "", /^unknown option/)
  })

  it("knows that JSON is wanted, also with a problem", () => {
    assert.isTrue(Argv.normalize(["nonsense", "--foo", "--json"]).json)
    assert.isTrue(Argv.normalize(["--help", "--json"]).json)
    assert.isFalse(Argv.normalize(["list", "--name=--json", "--", "--json"]).json)
  })

  it("seals what would be trimmed", () => {
    for (const value of ["", " ", "a\n", " a", "a b", "\u0001", "é%20"]) {
      const sealed = Argv.normalize(["remove", "PATH", "--", value]).args.at(-1) ?? ""
      assert.strictEqual(sealed.trim(), sealed)
      assert.isNotEmpty(sealed)
      assert.strictEqual(Argv.unsealed(sealed), value)
    }
  })

  it.effect("knows the options of the commands", () =>
    Effect.gen(function*() {
      for (const [command, options] of [["", Argv.shared] as const, ...Object.entries(Argv.commands)]) {
        const { stdout } = yield* Captured.text(
          Cli.run(Argv.normalize([command, "--help"].filter((word) => word !== "")))
        )
        const usage = stdout.split("\n").find((line) => line.startsWith("$ darb"))
        assert.deepStrictEqual(usage?.match(/(?<=--)[\w-]+/g) ?? [], Object.keys(options), command)
        for (const [name, kind] of Object.entries(options)) {
          assert.strictEqual(usage?.includes(`--${name} `), kind !== "flag", name)
          assert.strictEqual(
            /\.\.\./.test(usage?.split(`--${name}`)[1]?.split(/\]| --/)[0] ?? ""),
            kind === "values",
            name
          )
        }
      }
    }))
})
