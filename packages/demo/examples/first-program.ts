import { Output, PackageManager } from "@darb/package-manager"
import { PixiLive } from "@darb/pixi"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"

const program = Effect.gen(function*() {
  const packageManager = yield* PackageManager
  const path = "./analysis"

  yield* packageManager.init({ path, python: "3.12", channels: ["conda-forge"] })

  const { added } = yield* packageManager.install({ path, packages: ["numpy >=2", "pandas"] })
  for (const { name, version } of added) yield* Console.log(`added ${name} ${version}`)
})

program.pipe(
  // Prints the output of pixi line by line.
  Output.observe((event) => event._tag === "Output" ? Console.error(event.line) : Effect.void),
  // Errors are typed. There is one class per way to react.
  Effect.catchTag("EnvironmentExists", ({ manifest }) => Console.log(`${manifest} already exists`)),
  Effect.catchTag("PackageNotFound", ({ packages }) => Console.log(`not found in any channel: ${packages.join(", ")}`)),
  Effect.provide(PixiLive.pipe(Layer.provide(NodeContext.layer))),
  NodeRuntime.runMain
)
