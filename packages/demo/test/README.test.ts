import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")

describe("README", () => {
  it("shows the first program as it is compiled", () => {
    const [, shown] = /## A first program\n\n```ts\n([\s\S]*?)```/.exec(read("README.md")) ?? []
    assert.strictEqual(shown, read("packages/demo/examples/first-program.ts"))
  })

  it("names commands that there are", () => {
    const { scripts } = JSON.parse(read("package.json"))
    const named = [...read("README.md").matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name]) => name)
    assert.includeMembers(named, ["demo", "test"])
    for (const name of named) assert.property(scripts, name ?? "")
  })
})
