import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as ConfigFile from "../src/ConfigFile.js"
import * as Errors from "../src/PackageManagerError.js"

const context = { manager: "pixi", operation: "install", environment: "/e" } as const

describe("errors", () => {
  it("have optional fields as their own, since errors of other engines have a line and a column", () => {
    const optional = ["evidence", "line", "column", "key", "expected", "hint"]
    const invalid = new Errors.ManifestInvalid({ ...context, file: "f", reason: "r" })
    for (const name of optional) assert.isTrue(Object.hasOwn(invalid, name), name)
    const encoded = { ...context, _tag: "LockInvalid", file: "f", reason: "r" }
    const decoded = Schema.decodeUnknownSync(Errors.LockInvalid)(encoded)
    for (const name of ["line", "column"]) assert.isTrue(Object.hasOwn(decoded, name), name)
    assert.deepStrictEqual(JSON.parse(JSON.stringify(Schema.encodeSync(Errors.LockInvalid)(decoded))), encoded)
    const config = new ConfigFile.ConfigFileInvalid({ file: "f", reason: "r" })
    for (const name of ["line", "column"]) assert.isTrue(Object.hasOwn(config, name), name)
  })

  it("of every class have all fields of their schema", () => {
    const values: Readonly<Record<string, unknown>> = {
      evidence: { command: [], exitCode: 1, signal: null, stdout: "", stderr: "" },
      holder: null,
      supported: [],
      packages: [],
      command: [],
      limit: 1
    }
    for (const error of Errors.PackageManagerError.members) {
      const required = Object.entries(error.fields).flatMap(([name, field]) =>
        Schema.isSchema(field) ? [[name, name in values ? values[name] : "text"]] : []
      )
      const given = { ...Object.fromEntries(required), ...context }
      const made = new (error as unknown as new(props: unknown) => object)(given)
      for (const name of Object.keys(error.fields)) assert.isTrue(Object.hasOwn(made, name), `${error._tag}.${name}`)
    }
  })
})
