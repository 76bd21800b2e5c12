/** A task of a manifest of pixi. */

/** `"pytest"` in a manifest is `{ command: "pytest" }` here. One without a command stands for those it depends on. */
export interface Task {
  /** As it goes to the shell of pixi, or its words. */
  readonly command?: string | ReadonlyArray<string>
  readonly dependsOn?: ReadonlyArray<TaskDependency>
  readonly args?: ReadonlyArray<TaskArgument>
  readonly description?: string
  /** Patterns of the files that it reads: it is not run again before one of them changes. */
  readonly inputs?: ReadonlyArray<string>
  readonly outputs?: ReadonlyArray<string>
  /** Relative to the manifest's directory. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly cleanEnv?: boolean
  readonly defaultEnvironment?: string
}

export interface TaskDependency {
  readonly task: string
  readonly args?: ReadonlyArray<TaskDependencyArgument>
  readonly environment?: string
}

/** `name` is not there if the argument goes by its place. */
export interface TaskDependencyArgument {
  readonly name?: string
  readonly value: string
}

export interface TaskArgument {
  readonly name: string
  readonly default?: string
  readonly choices?: ReadonlyArray<string>
}
