import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { declared } from "../src/driver/OperationError.js"
import * as OperationErrors from "../src/OperationErrors.js"
import type { PackageManager } from "../src/PackageManager.js"
import * as Errors from "../src/PackageManagerError.js"
import { samples } from "./Samples.js"

type Service = PackageManager["Type"]
type ErrorOf<A> = A extends Effect.Effect<unknown, infer E> | Stream.Stream<unknown, infer E> ? E
  : A extends (...args: never) => Effect.Effect<unknown, infer E> ? E
  : never

/** Compiles only if both types are the same. */
const same = <A, B>(_: [A] extends [B] ? [B] extends [A] ? true : never : never): void => {}

describe("the errors of an operation", () => {
  it("are together all errors", () => {
    same<Errors.PackageManagerError, ErrorOf<Service[keyof Service]>>(true)
    const tags = Object.values(OperationErrors).flatMap(({ members }) => members.map(({ _tag }) => _tag))
    assert.deepStrictEqual(
      new Set(tags.toSorted()),
      new Set(Errors.PackageManagerError.members.map(({ _tag }) => _tag).toSorted())
    )
  })

  it("are each named once", () => {
    for (const { members } of Object.values(OperationErrors)) {
      const tags = members.map(({ _tag }) => _tag)
      assert.strictEqual(new Set(tags).size, tags.length)
    }
  })

  it("are those of its schema", () => {
    same<ErrorOf<Service["version"]>, typeof OperationErrors.VersionError.Type>(true)
    same<ErrorOf<Service["init"]>, typeof OperationErrors.InitError.Type>(true)
    same<ErrorOf<Service["install"]>, typeof OperationErrors.InstallError.Type>(true)
    same<ErrorOf<Service["remove"]>, typeof OperationErrors.RemoveError.Type>(true)
    same<ErrorOf<Service["update"]>, typeof OperationErrors.UpdateError.Type>(true)
    same<ErrorOf<Service["list"]>, typeof OperationErrors.ListError.Type>(true)
    same<ErrorOf<Service["status"]>, typeof OperationErrors.StatusError.Type>(true)
    same<ErrorOf<Service["run"]>, typeof OperationErrors.RunError.Type>(true)
    same<ErrorOf<Service["activation"]>, typeof OperationErrors.ActivationError.Type>(true)
    same<ErrorOf<Service["clean"]>, typeof OperationErrors.CleanError.Type>(true)
    same<ErrorOf<Service["destroy"]>, typeof OperationErrors.DestroyError.Type>(true)
    same<ErrorOf<Service["environments"]>, typeof OperationErrors.EnvironmentsError.Type>(true)
    same<ErrorOf<Service["getManifest"]>, typeof OperationErrors.GetManifestError.Type>(true)
  })

  it.effect("can be handled one by one, so that none is left", () =>
    Effect.gen(function*() {
      const getManifest = (error: OperationErrors.GetManifestError): ReturnType<Service["getManifest"]> =>
        Effect.fail(error)
      const handled = getManifest(
        new Errors.EnvironmentNotFound({ manager: "pixi", operation: "getManifest", environment: "/e", reason: "r" })
      ).pipe(
        Effect.catchTags({
          NotImplemented: ({ _tag }) => Effect.succeed(_tag),
          InvalidOption: ({ _tag }) => Effect.succeed(_tag),
          UnsupportedOption: ({ _tag }) => Effect.succeed(_tag),
          StorageFailed: ({ _tag }) => Effect.succeed(_tag),
          EnvironmentNotFound: ({ _tag }) => Effect.succeed(_tag),
          ManifestInvalid: ({ _tag }) => Effect.succeed(_tag)
        })
      )
      same<Effect.Effect.Error<typeof handled>, never>(true)
      assert.strictEqual(yield* handled, "EnvironmentNotFound")
    }))

  it("do not include what belongs to other operations", () => {
    same<Extract<OperationErrors.InstallError, Errors.EnvironmentExists | Errors.DependencyNotFound>, never>(true)
    same<Extract<OperationErrors.UpdateError, Errors.LockOutdated | Errors.InvalidSpec>, never>(true)
    same<Extract<OperationErrors.StatusError, Errors.CommandFailed | Errors.EnvironmentBusy>, never>(true)
  })
})

describe("an error that an operation does not declare", () => {
  const evidence = { command: ["pixi", "x"], exitCode: 1, signal: null, stdout: "out", stderr: "err" }

  it("is a failed command with the same evidence", () => {
    const cases = [
      [declared(OperationErrors.InstallError), Schema.is(OperationErrors.InstallError)],
      [declared(OperationErrors.ListError), Schema.is(OperationErrors.ListError)],
      [declared(OperationErrors.VersionError), Schema.is(OperationErrors.VersionError)]
    ] as const
    for (const [toDeclared, isDeclared] of cases) {
      for (const error of samples({ text: "text", evidence })) {
        const found = toDeclared(error)
        if (isDeclared(error)) assert.strictEqual<Errors.PackageManagerError>(found, error)
        else {
          const { environment, manager, message: reason, operation } = error
          assert.deepInclude({ ...found }, {
            _tag: "CommandFailed",
            manager,
            operation,
            environment,
            reason,
            evidence: "evidence" in error
              ? evidence
              : { command: [], exitCode: null, signal: null, stdout: "", stderr: "" }
          })
        }
      }
    }
  })
})
