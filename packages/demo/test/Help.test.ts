import * as Pixi from "@darb/pixi/Pixi"
import * as Uv from "@darb/uv/Uv"
import { assert, describe, it } from "@effect/vitest"
import * as Commands from "../src/Commands.js"
import { help } from "../src/Help.js"
import * as Wrap from "../src/Wrap.js"

const names = Object.keys(Commands.commands).filter(Commands.isName)

describe("Help", () => {
  it("lists the commands and the options of every command", () => {
    const lines = help(undefined, 80).split("\n")
    assert.strictEqual(lines[0], "Manages environments of Python and conda packages.")
    assert.include(lines, "Usage: darb [COMMAND] [OPTION...]")
    for (const name of names) assert.isTrue(lines.some((line) => line.startsWith(`  ${name} `)), name)
    for (const option of ["--manager pixi|uv", "--executable FILE", "--config FILE", "--json", "--help, --version"]) {
      assert.isTrue(lines.some((line) => line.startsWith(`  ${option} `)), option)
    }
  })

  it("shows a command", () => {
    assert.strictEqual(
      help("list", 80).split("Options of every command:")[0],
      `Lists the packages.
Usage: darb list PATH [OPTION...]

Arguments:
  PATH  The directory of the environment, below environments_root if set.

Options:
  --environment NAME   pixi: the environment; \`default\` by default.
  --platform PLATFORM  pixi: a platform; that of this machine by default.

`
    )
  })

  it("fits on the terminal", () => {
    assert.isAtMost(help(undefined, 80).split("\n").length, 23)
    for (const columns of [60, 80, 120]) {
      for (const name of [undefined, ...names]) {
        for (const line of help(name, columns).split("\n")) assert.isAtMost(line.length, columns, line)
      }
    }
  })

  it("says which options only one manager has", () => {
    const { manifest: _, ...others } = Commands.commands
    for (const [name, { options }] of Object.entries<Commands.Command>(others)) {
      for (const [key, { text }] of Object.entries(options)) {
        const has = (capabilities: object): boolean =>
          Object.entries(Object(Object(capabilities).options)).some(([operation, keys]) =>
            operation === name && Array.isArray(keys) && keys.includes(key)
          )
        const only = has(Pixi.capabilities) ? has(Uv.capabilities) ? undefined : "pixi" : "uv"
        assert.strictEqual(/^(pixi|uv): /.exec(text)?.[1], only, `${name} ${key}`)
      }
    }
  })
})

describe("Wrap", () => {
  it("keeps words whole, and indents what follows", () => {
    assert.strictEqual(Wrap.text("  one two three\nfour", 10), "  one\n    two\n    three\nfour")
    assert.strictEqual(Wrap.text("a-word-that-is-too-long b", 10), "a-word-that-is-too-long\n  b")
  })

  it("leaves what fits as it is", () => {
    assert.strictEqual(Wrap.text("  a   b  ", 10), "  a   b  ")
    assert.strictEqual(Wrap.text("a b", Infinity), "a b")
  })

  it("does not count colors", () => {
    const colored = "\u001b[2m  abcd efgh\u001b[22m"
    assert.strictEqual(Wrap.text(colored, 11), colored)
    assert.strictEqual(Wrap.text(colored, 10), "\u001b[2m  abcd\n    efgh\u001b[22m")
  })
})
