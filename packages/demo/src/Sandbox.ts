/** What the story needs of its own, so that nothing of it stays and nothing else matters to it. */
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as FileSystem from "@effect/platform/FileSystem"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Path from "@effect/platform/Path"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
// @effect-diagnostics-next-line nodeBuiltinImport:off
import { createServer } from "node:http"

/** A directory that is removed at the end. */
export class Sandbox extends Context.Tag("@darb/demo/Sandbox")<Sandbox, string>() {}

const directory = Layer.scoped(
  Sandbox,
  Effect.flatMap(FileSystem.FileSystem, (fileSystem) => fileSystem.makeTempDirectoryScoped({ prefix: "darb-story-" }))
)

/** Gives every process a cache that is empty at first, and no proxy on the way to this machine. */
const executor = Layer.effect(
  CommandExecutor.CommandExecutor,
  Effect.gen(function*() {
    const { start } = yield* CommandExecutor.CommandExecutor
    const { join } = yield* Path.Path
    const environment = { PIXI_CACHE_DIR: join(yield* Sandbox, "cache"), NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" }
    return CommandExecutor.makeExecutor((command) => start(Command.env(command, environment)))
  })
)

const server = Layer.orDie(NodeHttpServer.layerServer(createServer, { host: "127.0.0.1", port: 0 }))

export const layer = Layer.mergeAll(executor, server).pipe(Layer.provideMerge(directory))
