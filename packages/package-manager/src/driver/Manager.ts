/** Makes the `PackageManager` service from the operations of a driver. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Capabilities } from "../Capabilities.js"
import { PackageManager } from "../PackageManager.js"
import type { PackageManagerError } from "../PackageManagerError.js"
import * as Telemetry from "../Telemetry.js"
import type { Directories } from "./Directories.js"
import type { Operation } from "./Operation.js"
import { makeValidate } from "./Options.js"

type Service = PackageManager["Type"]
type Name = keyof Capabilities["options"]

/** What each operation does in the directory that its path names. Unsupported options have been refused by then. */
export type Handlers = {
  readonly [N in Name]: (operation: Operation, options: Parameters<Service[N]>[0]) => ReturnType<Service[N]>
}

export interface Manager {
  readonly name: string
  /** The first part of the names of spans: `Pixi.install`. */
  readonly module: string
  readonly capabilities: Capabilities
  readonly directories: Directories
  readonly version: Service["version"]
  readonly handlers: Handlers
  readonly environments: Service["environments"]
}

export const makeManager = (
  { capabilities, directories, environments, handlers, module, name, version }: Manager
): Service => {
  const begin = makeValidate(directories, capabilities)

  const method = <Options extends { readonly path: string }, A>(
    operation: Name,
    handler: (operation: Operation, options: Options) => Effect.Effect<A, PackageManagerError>
  ) =>
    Effect.fn(`${module}.${operation}`)(
      (options: Options) => Effect.flatMap(begin(operation, options), (found) => handler(found, options)),
      Telemetry.operation(name, operation)
    )

  return PackageManager.of({
    name,
    capabilities,
    version: version.pipe(Telemetry.operation(name, "version"), Effect.withSpan(`${module}.version`)),
    init: method("init", handlers.init),
    install: method("install", handlers.install),
    remove: method("remove", handlers.remove),
    update: method("update", handlers.update),
    list: method("list", handlers.list),
    status: method("status", handlers.status),
    getManifest: method("getManifest", handlers.getManifest),
    clean: method("clean", handlers.clean),
    destroy: method("destroy", handlers.destroy),
    environments: environments.pipe(
      Telemetry.stream(name, "environments"),
      Stream.withSpan(`${module}.environments`)
    )
  })
}
