import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as ConfigFile from "../src/ConfigFile.js"
import * as Errors from "../src/PackageManagerError.js"
import { samples } from "./Samples.js"

const context = { manager: "pixi", operation: "install", environment: "/e" } as const

describe("errors", () => {
  it("have optional fields as their own, since errors of other engines have a line and a column", () => {
    const optional = ["evidence", "line", "column", "key", "expected", "hint"]
    const invalid = new Errors.ManifestInvalid({ ...context, file: "f", reason: "r" })
    for (const name of optional) assert.isTrue(Object.hasOwn(invalid, name), name)
    const encoded = { ...context, _tag: "LockInvalid", file: "f", reason: "r" }
    const decoded = Schema.decodeUnknownSync(Errors.LockInvalid)(encoded)
    for (const name of ["line", "column"]) assert.isTrue(Object.hasOwn(decoded, name), name)
    const message = decoded.message
    const again = JSON.parse(JSON.stringify(Schema.encodeSync(Errors.LockInvalid)(decoded)))
    assert.deepStrictEqual(again, { ...encoded, message })
    const config = new ConfigFile.ConfigFileInvalid({ file: "f", reason: "r" })
    for (const name of ["line", "column"]) assert.isTrue(Object.hasOwn(config, name), name)
  })

  it("of every class have all fields of their schema", () => {
    for (const [at, error] of samples().entries()) {
      const fields = Object.keys(Errors.PackageManagerError.members[at]?.fields ?? {})
      for (const name of fields) assert.isTrue(Object.hasOwn(error, name), `${error._tag}.${name}`)
    }
  })

  it("of every class have the message in their encoded form, which decoding ignores", () => {
    for (const [at, error] of samples({ text: "text" }).entries()) {
      const member = Errors.PackageManagerError.members[at]
      const encoded = Schema.encodeSync(Errors.PackageManagerError)(error)
      assert.strictEqual(encoded.message, error.message)
      assert.notInclude(error.message, "undefined")
      assert.deepStrictEqual(Object.keys(encoded).slice(0, 2), ["_tag", "message"])
      if (member !== undefined) {
        assert.deepStrictEqual(Schema.encodeUnknownSync(Schema.make(member.ast))(error), encoded)
      }
      const { message: _, ...without } = encoded
      for (const given of [encoded, without, { ...encoded, message: "another one" }]) {
        const decoded = Schema.decodeUnknownSync(Errors.PackageManagerError)(JSON.parse(JSON.stringify(given)))
        assert.strictEqual(decoded.message, error.message)
        assert.deepStrictEqual(Schema.encodeSync(Errors.PackageManagerError)(decoded), encoded)
        assert.isTrue(decoded instanceof Error)
      }
    }
  })
})
