/** The application itself: `PACKAGE_MANAGER_DEFAULT_TYPE=uv node main.js DIRECTORY PACKAGE...` */
import { PackageManagers } from "@darb/package-manager"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import * as Workbench from "./Workbench.js"

const [path = "./analysis", ...packages] = process.argv.slice(2)

const program = Effect.gen(function*() {
  const workbench = yield* Workbench.Workbench
  const { added } = yield* workbench.prepare({ path, packages, report: (line) => Console.error(line) })
  yield* Console.log(`${path} is ready, with ${added.length} packages more`)
})

program.pipe(
  Effect.catchTag("Refused", ({ reason }) => Console.error(`Not possible: ${reason}`)),
  Effect.catchTag("TryLater", ({ reason }) => Console.error(`Try again later: ${reason}`)),
  Effect.provide(
    Workbench.layer().pipe(
      Layer.provide(PackageManagers.layerConfig()),
      Layer.provide(NodeContext.layer)
    )
  ),
  NodeRuntime.runMain
)
