/**
 * Commands of an application that run in an activated environment.
 *
 * ```ts
 * const activation = yield* packageManager.activation({ path })
 * const python = yield* ActivatedCommand.activate(Command.make("python", "-V"), activation)
 * ```
 *
 * @module
 * @since 0.1.0
 */
import * as Command from "@effect/platform/Command"
import * as Effect from "effect/Effect"
import * as HashMap from "effect/HashMap"
import * as Activation from "../../Activation.js"
import * as Platform from "../Platform.js"
import { inherit } from "./ChildEnvironment.js"

/**
 * What a command gets besides the environment.
 *
 * @since 0.1.0
 * @category options
 */
export interface ActivateOptions {
  /** Variables in addition to the inherited ones and those of the environment, which they replace. */
  readonly variables?: Readonly<Record<string, string>> | undefined
}

/**
 * Gives a command, and each part of a pipeline, the variables of an activated environment. Of the variables of this process,
 * it inherits only those that `PackageManager.run` passes on. Variables that the command has already take precedence.
 *
 * @since 0.1.0
 * @category operations
 */
export const activate = (
  command: Command.Command,
  activation: Activation.Activation,
  options: ActivateOptions = {}
): Effect.Effect<Command.Command> =>
  Effect.map(inherit([]), (inherited) => {
    const separator = Platform.current().startsWith("win-") ? ";" : ":"
    return withVariables(command, { ...Activation.apply(activation, inherited, separator), ...options.variables })
  })

const withVariables = (command: Command.Command, variables: Readonly<Record<string, string>>): Command.Command =>
  command._tag === "PipedCommand"
    ? Command.pipeTo(withVariables(command.left, variables), withVariables(command.right, variables))
    : Command.env(command, { ...variables, ...Object.fromEntries(HashMap.toEntries(command.env)) }, {
      extendEnv: false
    })
