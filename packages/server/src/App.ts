/** The application: a package manager of this machine, its jobs in a SQLite file below the root, and the server. */
import * as Embedded from "@darb/cluster/Embedded"
import * as ConfigFile from "@darb/package-manager/ConfigFile"
import * as PackageManagers from "@darb/package-manager/PackageManagers"
import * as Pixi from "@darb/pixi/Pixi"
import * as Uv from "@darb/uv/Uv"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import * as HttpServer from "@effect/platform/HttpServer"
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
// @effect-diagnostics-next-line nodeBuiltinImport:off
import { createServer } from "node:http"
import { makeToken } from "./Authorization.js"
import * as Server from "./Server.js"
import { Settings } from "./Settings.js"

export interface AppOptions {
  readonly manager: string | undefined
  readonly executable: string | undefined
  readonly config: string | undefined
  /** The directory of all environments. By default that of the configuration, or `darb` in the user's data directory. */
  readonly root: string | undefined
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly allowedHosts: ReadonlyArray<string>
}

const drivers = { pixi: Pixi.make, uv: Uv.make }

const defaultRoot = Config.nonEmptyString("XDG_DATA_HOME").pipe(
  Config.orElse(() => Config.map(Config.nonEmptyString("HOME"), (home) => `${home}/.local/share`)),
  Config.map((data) => `${data}/darb`)
)

/** The root, which is created with the directory of the jobs in it. Hidden directories contain no environments. */
const directories = Effect.fnUntraced(function*(given: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const configured = Config.nested(Config.nonEmptyString("environments_root"), "package_manager")
  const root = given ?? (yield* Config.orElse(configured, () => defaultRoot))
  yield* fs.makeDirectory(root, { recursive: true })
  const directory = yield* fs.realPath(root)
  const jobs = path.join(directory, ".darb-server")
  yield* fs.makeDirectory(jobs, { recursive: true, mode: 0o700 })
  return { root: directory, filename: path.join(jobs, "jobs.db") }
})

/** A server that is stopped ends its connections, some of which may wait for nothing. */
const http = ({ host, port }: AppOptions) =>
  Layer.unwrapScoped(Effect.gen(function*() {
    const server = createServer({ requestTimeout: 30_000 })
    const listening = NodeHttpServer.layer(() => server, { host, port })
    const closing = Layer.scopedDiscard(Effect.addFinalizer(() =>
      Effect.forkDaemon(Effect.delay(Effect.sync(() => server.closeAllConnections()), "1 second"))
    ))
    return Layer.provideMerge(closing, listening)
  }))

/** Prints the address with the token. A fragment is not sent to the server, nor to others. */
const announce = Effect.fnUntraced(function*(root: string) {
  const { token } = yield* Settings
  yield* HttpServer.addressWith((address) => {
    const { hostname, port } = address._tag === "TcpAddress" ? address : { hostname: "localhost", port: 80 }
    const host = hostname === "0.0.0.0" ? "127.0.0.1" : hostname.includes(":") ? `[${hostname}]` : hostname
    return Console.log(
      `darb serves the environments in ${root}\n\n  http://${host}:${port}/#token=${Redacted.value(token)}\n\n` +
        "Whoever has this address can change them. Ctrl-C stops the server."
    )
  })
})

const app = Effect.fnUntraced(function*(options: AppOptions) {
  const { allowedHosts, executable, manager: name } = options
  const { filename, root } = yield* directories(options.root)
  const token = yield* Config.option(Config.redacted("DARB_SERVER_TOKEN"))
  const settings = Layer.effect(
    Settings,
    Effect.map(token._tag === "Some" ? Effect.succeed(token.value) : makeToken, (token) => ({
      root,
      token,
      allowedHosts,
      maxBodySize: 64 * 1024,
      maxEventStreams: 100
    }))
  )
  const manager = PackageManagers.verified(PackageManagers.layerConfig(drivers, { name, executable, root }))
  const jobs = Embedded.layer({ filename, environmentsRoot: root, stopTimeout: "5 seconds" })
  return Layer.effectDiscard(announce(root)).pipe(
    Layer.provide(Server.layer),
    Layer.provide(http(options)),
    Layer.provide(Layer.provide(jobs, manager)),
    Layer.provide(settings)
  )
})

export const layer = (options: AppOptions) =>
  Layer.unwrapEffect(app(options)).pipe(Layer.provide(ConfigFile.layer({ file: options.config })))
