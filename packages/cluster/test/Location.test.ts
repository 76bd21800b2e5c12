import * as Memory from "@darb/testing/Memory"
import * as Path from "@effect/platform/Path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Location from "../src/Location.js"

const locate = (options: Omit<Location.LocationOptions, "environmentsRoot">, path: string) =>
  Memory.make().pipe(
    Effect.flatMap((manager) => Location.makeLocate(manager, { environmentsRoot: "/environments", ...options })),
    Effect.flatMap((locate) => locate("install", { path })),
    Effect.provide(Path.layer)
  )

const firstPart = (environment: string) => environment.split("/")[0] ?? ""

describe("Location", () => {
  it("a host names a group", () => {
    assert.strictEqual(Location.groupOfHost("10.0.0.5"), "10-0-0-5")
    assert.strictEqual(Location.groupOfHost(`${"a".repeat(40)}.example.org`), `${"a".repeat(28)}-example-org`)
  })

  it.effect("an environment is of the only group, or of the one that `groupOf` names", () =>
    Effect.gen(function*() {
      const only = yield* locate({ groups: ["a"] }, "one/two")
      assert.match(only.entityId, /^a\.[0-9a-f]{32}$/)
      assert.deepInclude(only, { environment: "one/two", path: "/environments/one/two" })
      const named = yield* locate({ groups: ["one", "b"], groupOf: firstPart }, "one/two")
      assert.match(named.entityId, /^one\.[0-9a-f]{32}$/)
    }))

  it.effect("a group that no runner has is an error, since nobody would answer", () =>
    Effect.gen(function*() {
      const refused = [
        [{ groups: ["a", "b"] }, /`groupOf` has to say/],
        [{ groups: [] }, /`groupOf` has to say/],
        [{ groups: ["a", "b"], groupOf: firstPart }, /one owns it, which is none of the groups a, b/],
        [{ groups: ["a.b"] }, /a\.b owns it, which is none/]
      ] as const
      for (const [options, reason] of refused) {
        const error = yield* Effect.flip(locate(options, "one/two"))
        assert.strictEqual(error._tag, "InvalidOption")
        assert.match(error.message, reason)
      }
    }))
})
