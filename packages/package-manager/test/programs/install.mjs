// A program that installs a package and says what happens: node install.mjs PIXI HOME ENVIRONMENT SPEC
import * as Output from "@darb/package-manager/Output"
import * as Pixi from "@darb/package-manager/Pixi"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Effect from "effect/Effect"

const [executable, home, path, spec] = process.argv.slice(2)

const environment = {
  HOME: home,
  PIXI_HOME: `${home}/pixi`,
  PIXI_CACHE_DIR: `${home}/cache`,
  XDG_CONFIG_HOME: `${home}/config`,
  NO_PROXY: "127.0.0.1",
  no_proxy: "127.0.0.1"
}

const say = (value) => Effect.sync(() => process.stdout.write(`${JSON.stringify(value)}\n`))

await Pixi.make({ executable, environment }).pipe(
  Effect.flatMap((packageManager) => packageManager.install({ path, packages: [spec] })),
  Output.observe(say),
  Effect.matchEffect({ onFailure: ({ _tag }) => say({ _tag }), onSuccess: () => say({ _tag: "Installed" }) }),
  Effect.provide(NodeContext.layer),
  Effect.runPromise
)
