// A program that installs a package and says what happens: node install.mjs pixi|uv EXECUTABLE HOME ENVIRONMENT SPEC
import * as Output from "@darb/package-manager/Output"
import * as Pixi from "@darb/pixi/Pixi"
import * as Uv from "@darb/uv/Uv"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Effect from "effect/Effect"
import { environmentIn } from "./environment.mjs"

const [name, executable, home, path, spec] = process.argv.slice(2)

const { make } = name === "uv" ? Uv : Pixi

const say = (value) => Effect.sync(() => process.stdout.write(`${JSON.stringify(value)}\n`))

await make({ executable, environment: environmentIn(home) }).pipe(
  Effect.flatMap((packageManager) => packageManager.install({ path, packages: [spec] })),
  Output.observe(say),
  Effect.matchEffect({ onFailure: ({ _tag }) => say({ _tag }), onSuccess: () => say({ _tag: "Installed" }) }),
  Effect.provide(NodeContext.layer),
  Effect.runPromise
)
