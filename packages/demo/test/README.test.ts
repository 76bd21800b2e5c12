/** Checks the READMEs: their examples are compiled, and the commands and files that they name exist. */
import { assert, describe, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../..", import.meta.url))

const read = (path: string) => readFileSync(join(root, path), "utf8")

const examples = "packages/demo/examples"

const examplesByText = new Map(
  readdirSync(join(root, examples)).filter((name) => name.endsWith(".ts")).map((name) => [
    read(join(examples, name)),
    name
  ])
)

const blocksOf = (readme: string) => [...read(readme).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = ""]) => text)

const packages = readdirSync(join(root, "packages")).map((name) => join("packages", name)).filter((directory) =>
  existsSync(join(root, directory, "package.json"))
)

const withoutExample = ["packages/bootstrap", "packages/server", "packages/tools"]

/** Its examples are fragments, which are compiled with those of the doc comments. */
const unchecked = ["packages/cluster"]

describe.each(["", ...packages])("%s/README.md", (directory) => {
  const readme = join(directory, "README.md")
  const count = withoutExample.includes(directory) ? 0 : 1

  it.skipIf(unchecked.includes(directory))(`has at least ${count} example, and all are compiled`, () => {
    const blocks = blocksOf(readme)
    assert.isAtLeast(blocks.length, count)
    for (const block of blocks) assert.isDefined(examplesByText.get(block), `no file in ${examples} is\n${block}`)
  })

  it("names commands that exist", () => {
    const { scripts } = JSON.parse(read("package.json"))
    const named = [...read(readme).matchAll(/npm (?:run ([a-z:]+)|(test)\b)/g)].map(([, script, test]) =>
      script ?? test
    )
    for (const name of named) assert.property(scripts, name ?? "")
  })

  it("links to files that exist", () => {
    for (const [, target = ""] of read(readme).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      assert.isTrue(existsSync(join(root, dirname(readme), target)), target)
    }
  })
})

describe("README.md", () => {
  it("shows the first program, and how to run something", () => {
    const shown = ["first-program.ts", "run.ts"].map((name) => read(join(examples, name)))
    assert.deepStrictEqual(blocksOf("README.md"), shown)
  })

  it("names the commands to start with", () => {
    for (const command of ["npm run demo", "npm test"]) assert.include(read("README.md"), command)
  })

  it("has at most 1,200 words", () => {
    assert.isAtMost(read("README.md").match(/[^\s|]+/g)?.length ?? 0, 1200)
  })
})

describe("CONTRIBUTING.md", () => {
  it("says where each step of an operation is", () => {
    const [, section = ""] = /## How an operation works\n([\s\S]*?)\n## /.exec(read("CONTRIBUTING.md")) ?? []
    const files = [...section.matchAll(/`((?:[\w-]+\/)*\w+\.ts)`/g)].map(([, file]) => file ?? "")
    assert.isAtLeast(files.length, 8)
    const directories = ["packages/package-manager/src", "packages/pixi/src"]
    for (const file of files) {
      assert.isTrue(directories.some((directory) => existsSync(join(root, directory, file))), file)
    }
  })
})
