// @ts-check
/** A program of its own that does one operation and says what happens: node program.js JSON, with an `Assignment`. */
import * as Output from "@darb/package-manager/Output"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { pixi, uv } from "./managers.js"
import { perform } from "./operations.js"

/**
 * @typedef {object} Assignment
 * @property {"pixi" | "uv"} manager
 * @property {import("@darb/pixi/Pixi").PixiOptions} options
 * @property {import("./operations.js").Operation} operation
 */

/** @type {Assignment} */
const { manager, operation, options } = JSON.parse(process.argv[2] ?? "")

/** @param {unknown} value */
const say = (value) => Effect.sync(() => process.stdout.write(`${JSON.stringify(value)}\n`))

await (manager === "uv" ? uv : pixi).make(options).pipe(
  Effect.flatMap((packageManager) => perform(packageManager, operation)),
  Output.observe(say),
  Effect.sandbox,
  Effect.matchEffect({
    onFailure: (cause) => say(cause._tag === "Fail" ? { failed: cause.error._tag } : { defect: String(cause) }),
    onSuccess: () => say({ succeeded: true })
  }),
  Effect.provide(Logger.replace(Logger.defaultLogger, Logger.none)),
  Effect.provide(NodeContext.layer),
  Effect.runPromise
)
