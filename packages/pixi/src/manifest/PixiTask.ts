/**
 * Tasks of a manifest.
 *
 * @module
 * @since 0.1.0
 */
import { array, type Decoder, map, optional, record, shorthand, struct } from "@darb/package-manager/driver/Table"
import * as Schema from "effect/Schema"

const { Boolean, String } = Schema

/** `"x"` is positional, `{ name = "x" }` is named. */
const Value = Schema.Union(
  map(String, (value): { readonly name?: string; readonly value: string } => ({ value })),
  map(
    record(String).pipe(Schema.filter((given) => Object.keys(given).length === 1 || "Expected one key: the argument")),
    (given) => Object.entries(given).map(([name, value]) => ({ name, value }))[0] ?? { value: "" }
  )
)

const dependency = { task: String, args: optional(array(Value)), environment: optional(String) }

/**
 * A task that runs first.
 *
 * @since 0.1.0
 * @category models
 */
export interface TaskDependency extends Schema.Struct.Type<typeof dependency> {}
const TaskDependency: Decoder<TaskDependency> = shorthand("task", struct(dependency))

const argument = { arg: String, default: optional(String), choices: optional(array(String)) }

interface TaskArgument extends Omit<Schema.Struct.Type<typeof argument>, "arg"> {
  readonly name: string
}
const TaskArgument = map(
  shorthand("arg", struct(argument)),
  ({ arg: name, ...rest }): TaskArgument => ({ name, ...rest })
)

const task = {
  cmd: optional(Schema.Union(String, array(String))),
  dependsOn: optional(Schema.ArrayEnsure(TaskDependency)),
  args: optional(array(TaskArgument)),
  description: optional(String),
  /** Globs of the files that the task reads. While they and the outputs stay the same, it does not run again. */
  inputs: optional(array(String)),
  outputs: optional(array(String)),
  /** Relative to the manifest's directory. */
  cwd: optional(String),
  env: optional(record(String)),
  cleanEnv: optional(Boolean),
  defaultEnvironment: optional(String)
}

export interface Task extends Omit<Schema.Struct.Type<typeof task>, "cmd"> {
  /** A line for pixi's shell, or its words. A task without it only runs its dependencies. */
  readonly command?: string | ReadonlyArray<string>
}

/**
 * `"pytest"` stands for `{ cmd = "pytest" }`, and an array for `{ depends-on = […] }`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Task: Decoder<Task> = Schema.Union(
  map(
    shorthand("cmd", struct(task, { depends_on: "dependsOn" })),
    ({ cmd, ...rest }): Task => cmd === undefined ? rest : { command: cmd, ...rest }
  ),
  map(array(TaskDependency), (dependsOn): Task => ({ dependsOn }))
)
