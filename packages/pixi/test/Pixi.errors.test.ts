import { directoryWith } from "@darb/laws/TestDirectory"
import { PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import { replies } from "@darb/testing/Scripted"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { lockText, manifestText, scripted } from "./fixtures.js"

const environment = directoryWith({
  "pixi.toml": manifestText("greet = \"*\"\n"),
  "pixi.lock": lockText("greet-1.0")
})

const stderr = "Error:   × lock-file not up-to-date with the project\n"

describe("a failed command whose text means an error of another operation", () => {
  for (const operation of ["update", "list"] as const) {
    it.scoped(`is a failed command in ${operation}, with the evidence`, () =>
      Effect.gen(function*() {
        const path = yield* environment
        const manager = yield* PackageManager
        const error = yield* Effect.flip<unknown, PackageManagerError, never>(manager[operation]({ path }))
        if (error._tag !== "CommandFailed") return assert.fail(error._tag)
        assert.deepInclude({ ...error }, {
          manager: "pixi",
          operation,
          environment: path,
          reason:
            `${path}/pixi.lock does not match the manifest: install without \`locked\` and \`frozen\` to update it`
        })
        assert.strictEqual(error.evidence.stderr, stderr)
      }).pipe(Effect.provide(scripted("0.77.0", { [operation]: replies({ exitCode: 1, stderr }) }))))
  }

  it.scoped("stays what it is in the operation that declares it", () =>
    Effect.gen(function*() {
      const path = yield* environment
      const manager = yield* PackageManager
      const error = yield* Effect.flip(manager.install({ path, locked: true }))
      assert.strictEqual(error._tag, "LockOutdated")
    }).pipe(Effect.provide(scripted("0.77.0", { install: replies({ exitCode: 1, stderr }) }))))
})
