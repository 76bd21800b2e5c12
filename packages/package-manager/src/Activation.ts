/**
 * What activating an environment changes in the variables of a process.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * What an activated environment changes in the variables of a process, as data. `Activation.apply` applies it to
 * variables, `ActivatedCommand.activate` to a command. It can be encoded and sent to another machine or kept, but it
 * describes the prefix as it was: a later change of the environment may make it obsolete.
 *
 * @since 0.1.0
 * @category models
 */
export class Activation extends Schema.Class<Activation>("@darb/package-manager/Activation")({
  /** The absolute path of the environment's directory. */
  environment: Schema.String,
  /** The absolute path of the directory that the packages are installed into. */
  prefix: Schema.String,
  /** The directories to put before those of PATH. */
  path: Schema.Array(Schema.String),
  /** The variables to set. PATH is not one of them. */
  set: Schema.Record({ key: Schema.String, value: Schema.String }),
  /** The variables to unset. */
  unset: Schema.Array(Schema.String),
  /** Scripts to source whose effect is not among the variables; normally none. */
  scripts: Schema.Array(Schema.String)
}) {}

/**
 * The variables of a process in the activated environment. `separator` separates the directories of PATH.
 *
 * @since 0.1.0
 * @category operations
 */
export const apply = (
  { path, set, unset }: Activation,
  variables: Readonly<Record<string, string>>,
  separator: ":" | ";"
): Readonly<Record<string, string>> => {
  const kept = Object.entries(variables).filter(([name]) => !unset.includes(name))
  const PATH = [...path, ...variables.PATH === undefined ? [] : [variables.PATH]].join(separator)
  return { ...Object.fromEntries(kept), ...set, PATH }
}
