/** The commands of `darb` and their options, as data for the parser and for the help. */
import type * as Options from "@darb/package-manager/OperationOptions"

/** An option takes no value, one value, a value each time it is given, or a name and a value each time. */
export type Kind = "flag" | "value" | "values" | "pairs"

export interface Option<K extends Kind = Kind> {
  readonly kind: K
  /** The name on the command line, without `--`. */
  readonly name: string
  /** The placeholder of the value; empty for a flag. */
  readonly value: string
  readonly text: string
}

export interface Command {
  readonly text: string
  /** The arguments. In brackets they are optional, and `...` follows the last one if it may be repeated. */
  readonly words: ReadonlyArray<string>
  /** By the names that the library has for them. */
  readonly options: Readonly<Record<string, Option>>
}

/** What is given of some options. */
export type Given<A extends Readonly<Record<string, Option>>> = {
  readonly [Key in keyof A]?: A[Key] extends Option<"flag"> ? true
    : A[Key] extends Option<"value"> ? string
    : A[Key] extends Option<"values"> ? ReadonlyArray<string>
    : Readonly<Record<string, string>>
}

/** An option for each one of the library that is not given otherwise. */
type Complete<A, Otherwise extends keyof A = never> = {
  readonly [Key in Exclude<keyof A, "path" | Otherwise>]-?: NonNullable<A[Key]> extends boolean ? Option<"flag">
    : NonNullable<A[Key]> extends string ? Option<"value">
    : NonNullable<A[Key]> extends ReadonlyArray<string> ? Option<"values">
    : Option<"pairs">
}

const flag = (name: string, text: string): Option<"flag"> => ({ kind: "flag", name, value: "", text })
const one = (name: string, value: string, text: string): Option<"value"> => ({ kind: "value", name, value, text })
const many = (name: string, value: string, text: string): Option<"values"> => ({ kind: "values", name, value, text })

/** The options of every command. */
export const shared = {
  manager: one("manager", "pixi|uv", "The package manager; as configured, or pixi."),
  executable: one("executable", "FILE", "Its executable; as configured, or on PATH."),
  config: one("config", "FILE", "The configuration file; config.yaml by default."),
  json: flag("json", "One document on standard output, and events on error.")
}

const environment = one("environment", "NAME", "pixi: the environment; `default` by default.")

const place = {
  feature: one("feature", "NAME", "pixi: the feature of the packages."),
  platforms: many("platform", "PLATFORM", "pixi: a platform of the packages; all by default."),
  group: one("group", "NAME", "uv: the dependency group of the packages."),
  extra: one("extra", "NAME", "uv: the extra of the packages.")
}

const change = {
  groups: many("with-group", "NAME", "uv: installs this group as well."),
  extras: many("with-extra", "NAME", "uv: installs this extra as well."),
  noInstall: flag("no-install", "Changes manifest and lock file, but not the prefix."),
  dryRun: flag("dry-run", "Shows what would change, and changes nothing.")
}

const init = {
  name: one("name", "NAME", "Its name; that of the directory by default."),
  python: one("python", "VERSION", "A version such as 3.12, or '>=3.11,<3.13'."),
  channels: many("channel", "CHANNEL", "pixi: a channel, by name or URL; the first wins."),
  platforms: many("platform", "PLATFORM", "pixi: a platform; this machine by default."),
  indexes: many("index", "[NAME=]URL", "uv: an index instead of PyPI; the first wins.")
} satisfies Complete<Options.InitOptions>

const install = {
  pypi: flag("pypi", "pixi: the packages are PyPI packages."),
  locked: flag("locked", "Fails if the lock file is outdated. Without packages."),
  frozen: flag("frozen", "Installs the lock file as it is. Without packages."),
  environment,
  ...place,
  indexes: many("index", "[NAME=]URL", "uv: a package index to add."),
  ...change
} satisfies Complete<Options.InstallOptions, "packages">

const remove = { ...place, ...change } satisfies Complete<Options.RemoveOptions, "packages">

const update = change satisfies Complete<Options.UpdateOptions, "packages">

const list = {
  environment,
  platform: one("platform", "PLATFORM", "pixi: a platform; that of this machine by default.")
} satisfies Complete<Options.ListOptions>

const status = { environment } satisfies Complete<Options.StatusOptions>

const run = {
  environment,
  task: one("task", "NAME", "pixi: a task to run, with the arguments."),
  directory: one("directory", "DIRECTORY", "Where to run; in that of the environment by default."),
  variables: { kind: "pairs", name: "variable", value: "NAME=VALUE", text: "A variable of the program." } as const
} satisfies Complete<Options.RunOptions, "command" | "args" | "stdin" | "stdio" | "output">

const command = <A extends Command["options"]>(text: string, words: ReadonlyArray<string>, options: A) => ({
  text,
  words,
  options
})

export const commands = {
  story: command("Shows what the library does. Runs if there is no command.", [], {}),
  init: command("Creates an environment.", ["PATH"], init),
  install: command("Adds packages, or makes the prefix match the manifest.", ["PATH", "[SPEC...]"], install),
  remove: command("Removes packages.", ["PATH", "NAME..."], remove),
  update: command("Updates packages, or all, to the newest allowed versions.", ["PATH", "[NAME...]"], update),
  list: command("Lists the packages.", ["PATH"], list),
  status: command("Compares the manifest, the lock file and the prefix.", ["PATH"], status),
  manifest: command("Shows the manifest.", ["PATH"], {}),
  run: command("Runs a program, and ends with its exit code.", ["PATH", "[COMMAND...]"], run),
  clean: command("Removes the prefix; keeps the manifest and the lock file.", ["PATH"], {}),
  destroy: command("Removes an environment below environments_root.", ["PATH"], {}),
  environments: command("Lists the environments below environments_root.", [], {})
}

export type Name = keyof typeof commands

export const isName = (word: string): word is Name => Object.hasOwn(commands, word)

/** Commands of other programs. */
export const synonyms: Readonly<Record<string, Name>> = {
  add: "install",
  create: "init",
  exec: "run",
  ls: "list",
  new: "init",
  rm: "remove",
  show: "manifest",
  sync: "install",
  uninstall: "remove",
  upgrade: "update"
}

/** What the arguments mean. */
export const words: Readonly<Record<string, string>> = {
  PATH: "The directory of the environment, below environments_root if set.",
  SPEC: "A package, such as numpy or 'numpy >=2'.",
  NAME: "The name of a package.",
  COMMAND: "The program and its arguments; options of it need -- before it."
}
