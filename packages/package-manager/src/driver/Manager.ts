/**
 * Makes the `PackageManager` service from the operations of a driver.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Capabilities } from "../Capabilities.js"
import * as Errors from "../OperationErrors.js"
import { PackageManager } from "../PackageManager.js"
import type { PackageManagerError } from "../PackageManagerError.js"
import * as Telemetry from "../Telemetry.js"
import type { Directories } from "./Directories.js"
import * as Events from "./Events.js"
import type { Operation } from "./Operation.js"
import { declared } from "./OperationError.js"
import { makeValidate } from "./Options.js"

type Service = PackageManager["Type"]
type Name = keyof Capabilities["options"]

type Handler<N extends Name, E> = (
  operation: Operation,
  options: Parameters<Service[N]>[0]
) => Effect.Effect<Effect.Effect.Success<ReturnType<Service[N]>>, E>

/** The operations that start no process. */
type WithoutProcess = "status" | "getManifest" | "clean" | "destroy"

/**
 * What each operation does in the directory that its path names. Unsupported options have been refused by then. A failed
 * command may mean any error: `makeManager` turns those that the operation does not declare into `CommandFailed`.
 *
 * @since 0.1.0
 * @category models
 */
export type Handlers =
  & { readonly [N in Exclude<Name, WithoutProcess>]: Handler<N, PackageManagerError> }
  & { readonly [N in WithoutProcess]: Handler<N, Effect.Effect.Error<ReturnType<Service[N]>>> }

/**
 * What makes a `PackageManager`: a handler for each operation, which starts with validated options and a canonical
 * path.
 *
 * @since 0.1.0
 * @category models
 */
export interface Manager {
  readonly name: string
  /** The first part of the names of spans: `Pixi.install`. */
  readonly module: string
  readonly capabilities: Capabilities
  readonly directories: Directories
  readonly version: Effect.Effect<string, PackageManagerError>
  readonly handlers: Handlers
  readonly environments: Service["environments"]
}

/**
 * Makes the service. Each method resolves its path, refuses options that the manager does not have, has a span such as
 * `Pixi.install` and metrics, names its events, and fails only with the errors that its operation declares.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeManager = (
  { capabilities, directories, environments, handlers, module, name, version }: Manager
): Service => {
  const begin = makeValidate(directories, capabilities)

  const method = <Options extends { readonly path: string }, A, E extends PackageManagerError>(
    operation: Name,
    handler: (operation: Operation, options: Options) => Effect.Effect<A, E>
  ) =>
    Effect.fn(`${module}.${operation}`)(
      (options: Options) =>
        Effect.flatMap(begin(operation, options), (found) => Events.within(found)(handler(found, options))),
      Telemetry.operation(name, operation)
    )

  return PackageManager.of({
    name,
    capabilities,
    version: version.pipe(
      Effect.mapError(declared(Errors.VersionError)),
      Telemetry.operation(name, "version"),
      Effect.withSpan(`${module}.version`)
    ),
    init: method("init", declaring(Errors.InitError, handlers.init)),
    install: method("install", declaring(Errors.InstallError, handlers.install)),
    remove: method("remove", declaring(Errors.RemoveError, handlers.remove)),
    update: method("update", declaring(Errors.UpdateError, handlers.update)),
    list: method("list", declaring(Errors.ListError, handlers.list)),
    status: method("status", handlers.status),
    run: method("run", declaring(Errors.RunError, handlers.run)),
    activation: method("activation", declaring(Errors.ActivationError, handlers.activation)),
    getManifest: method("getManifest", handlers.getManifest),
    clean: method("clean", handlers.clean),
    destroy: method("destroy", handlers.destroy),
    environments: environments.pipe(
      Telemetry.stream(name, "environments"),
      Stream.withSpan(`${module}.environments`)
    )
  })
}

/** A handler with the errors that its operation declares. */
const declaring = <Options, A, E, I>(
  errors: Schema.Schema<E, I>,
  handler: (operation: Operation, options: Options) => Effect.Effect<A, PackageManagerError>
) => {
  const toDeclared = declared(errors)
  return (operation: Operation, options: Options) => Effect.mapError(handler(operation, options), toDeclared)
}
