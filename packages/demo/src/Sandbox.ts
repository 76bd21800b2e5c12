/** Isolates the story from the machine: it has its own directory, caches, configuration and HTTP server. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
// @effect-diagnostics-next-line nodeBuiltinImport:off
import { createServer } from "node:http"
import { SandboxFailed } from "./Failure.js"

/** A temporary directory, removed when the story ends. */
export class Sandbox extends Context.Tag("@darb/demo/Sandbox")<Sandbox, string>() {}

const directory = Layer.scoped(
  Sandbox,
  FileSystem.FileSystem.pipe(
    Effect.flatMap((fileSystem) => fileSystem.makeTempDirectoryScoped({ prefix: "darb-story-" })),
    Effect.mapError(SandboxFailed.of)
  )
)

/** Gives each process empty caches and an empty configuration, and no proxy to this machine. */
const executor = Layer.effect(
  CommandExecutor.CommandExecutor,
  Effect.gen(function*() {
    const { start } = yield* CommandExecutor.CommandExecutor
    const { join } = yield* Path.Path
    const sandbox = yield* Sandbox
    const fileSystem = yield* FileSystem.FileSystem
    const temporary = join(sandbox, "temporary")
    yield* Effect.mapError(fileSystem.makeDirectory(temporary), SandboxFailed.of)
    const environment = {
      PIXI_CACHE_DIR: join(sandbox, "cache"),
      PIXI_HOME: join(sandbox, "home"),
      UV_CACHE_DIR: join(sandbox, "uv"),
      UV_NO_SYSTEM_CONFIG: "1",
      // A download would need the network.
      UV_PYTHON_DOWNLOADS: "never",
      // uv leaves lock files there.
      TMPDIR: temporary,
      XDG_CONFIG_HOME: join(sandbox, "config"),
      NO_PROXY: "127.0.0.1",
      no_proxy: "127.0.0.1"
    }
    return CommandExecutor.makeExecutor((command) => start(Command.env(command, environment)))
  })
)

const server = NodeHttpServer.layerServer(createServer, { host: "127.0.0.1", port: 0 }).pipe(
  Layer.catchAll((error) => Layer.fail(SandboxFailed.of(error)))
)

export const layer = Layer.mergeAll(executor, server).pipe(Layer.provideMerge(directory))
