/** Starts the application with the manager that the configuration names: `node main.js DIRECTORY PACKAGE...` */
import { ConfigFile, PackageManagers } from "@darb/package-manager"
import { Pixi } from "@darb/pixi"
import { Uv } from "@darb/uv"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import * as Workbench from "./Workbench.js"

const [path = "./analysis", ...packages] = process.argv.slice(2)

const program = Effect.gen(function*() {
  const workbench = yield* Workbench.Workbench
  const { added } = yield* workbench.prepare({ path, packages, report: (line) => Console.error(line) })
  yield* Console.log(`${path} is ready: ${added.length} packages were added`)
})

program.pipe(
  // A `Broken` error ends the program.
  Effect.catchTag("Refused", ({ reason }) => Console.error(`Not possible: ${reason}`)),
  Effect.catchTag("TryLater", ({ reason }) => Console.error(`Try again later: ${reason}`)),
  Effect.provide(
    Workbench.layer().pipe(
      Layer.provide(PackageManagers.layerConfig({ pixi: Pixi.make, uv: Uv.make })),
      Layer.provide(ConfigFile.layer()),
      Layer.provide(NodeContext.layer)
    )
  ),
  NodeRuntime.runMain
)
