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
  // What pixi prints, as it comes.
  Output.observe((event) => event._tag === "Output" ? Console.error(event.line) : Effect.void),
  // Failures are typed: each class is a reaction that a caller can have.
  Effect.catchTag("EnvironmentExists", ({ manifest }) => Console.log(`${manifest} is there already`)),
  Effect.catchTag("PackageNotFound", ({ packages }) => Console.log(`no channel has ${packages.join(", ")}`)),
  Effect.provide(PixiLive.pipe(Layer.provide(NodeContext.layer))),
  NodeRuntime.runMain
)
