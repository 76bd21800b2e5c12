/** Decodes what `[tasks]` holds. */
import {
  array,
  boolean,
  type Context,
  type Decoder,
  show,
  string,
  text
} from "@darb/package-manager/driver/old/tomlDecoder"
import type { Task, TaskArgument, TaskDependency, TaskDependencyArgument } from "../PixiTask.js"
import * as Syntax from "./condaSyntax.js"
import { isTable, record, struct } from "./tomlStruct.js"

const argumentName = text((name) =>
  name.includes("-") ? `${show(name)} is not the name of an argument: it has a dash` : undefined
)

const argumentTable = struct<TaskArgument>({ name: argumentName, default: string, choices: array(string) }, {
  names: { name: "arg" },
  required: ["name"],
  check: (argument, context) => {
    if (argument.default !== undefined && argument.choices?.includes(argument.default) === false) {
      context.doubt(`its default ${show(argument.default)} is not one of its choices`)
    }
  }
})

const argument: Decoder<TaskArgument> = (value, context) => {
  if (isTable(value)) return argumentTable(value, context)
  if (typeof value !== "string") return context.wrongType("string or table", value)
  const name = argumentName(value, context)
  return name === undefined ? undefined : { name }
}

const given: Decoder<TaskDependencyArgument> = (value, context) => {
  if (typeof value === "string") return { value }
  if (!isTable(value)) return context.wrongType("string or table", value)
  const [name, ...others] = value.keys
  if (name === undefined || others.length > 0) return context.fail("it has to have one key, the name of the argument")
  const decoded = context.at(name, string, value.get(name))
  return decoded === undefined ? undefined : { name, value: decoded }
}

const environment = text(Syntax.environmentName)
const dependencyTable = struct<TaskDependency>({ task: string, args: array(given), environment }, {
  required: ["task"]
})

const dependency: Decoder<TaskDependency> = (value, context) => {
  if (typeof value === "string") return { task: value }
  return isTable(value) ? dependencyTable(value, context) : context.wrongType("string or table", value)
}

const dependencies = array(dependency)

const oneOrMore: Decoder<ReadonlyArray<TaskDependency>> = (value, context) => {
  if (typeof value === "string") return [{ task: value }]
  return Array.isArray(value) ? dependencies(value, context) : context.wrongType("string or array", value)
}

const words = array(string)
const command: Decoder<string | ReadonlyArray<string>> = (value, context) => {
  if (typeof value === "string") return value
  return Array.isArray(value) ? words(value, context) : context.wrongType("string or array", value)
}

/** What only a task with a command has. */
const withCommand = ["inputs", "outputs", "cwd", "env", "cleanEnv", "defaultEnvironment"] as const

const taskTable = struct<Task>({
  command,
  dependsOn: oneOrMore,
  args: array(argument),
  description: string,
  inputs: words,
  outputs: words,
  cwd: string,
  env: record(string),
  cleanEnv: boolean,
  defaultEnvironment: environment
}, {
  names: { command: "cmd" },
  taken: { "depends_on": "dependsOn" },
  check: (task, context, table) => checkTask(task, context, table.has("cmd"))
})

const checkTask = (task: Task, context: Context, hasCommand: boolean) => {
  if (!context.strict) return
  if (!hasCommand) {
    const wrong = withCommand.find((field) => task[field] !== undefined)
    if (wrong !== undefined) context.fail(`${wrong} goes with cmd only`)
    return
  }
  const withDefault = task.args?.findIndex((one) => one.default !== undefined) ?? -1
  if (withDefault !== -1 && task.args?.slice(withDefault).some((one) => one.default === undefined)) {
    context.fail("an argument after one with a default has to have a default")
  }
}

const task: Decoder<Task> = (value, context) => {
  if (typeof value === "string") return { command: value }
  if (isTable(value)) return taskTable(value, context)
  if (!Array.isArray(value)) return context.wrongType("string, table or array", value)
  const dependsOn = array(aliasDependency)(value, context)
  return dependsOn === undefined ? undefined : { dependsOn }
}

const aliasTable = struct<TaskDependency>({ task: string, args: array(given), environment }, {
  required: ["task"],
  open: true
})
const aliasDependency: Decoder<TaskDependency> = (value, context) =>
  isTable(value) ? aliasTable(value, context) : context.wrongType("table", value)

export const tasks = record(task)
