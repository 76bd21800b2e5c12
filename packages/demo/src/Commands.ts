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
  manager: one("manager", "pixi|uv", "The package manager: by default that of the configuration, or pixi."),
  executable: one(
    "executable",
    "FILE",
    "The executable of the manager: by default that of the configuration or of PATH."
  ),
  config: one("config", "FILE", "The configuration file: by default config.yaml in the working directory."),
  json: flag("json", "Prints one JSON document to standard output, and one event a line to standard error.")
}

const environment = one("environment", "NAME", "pixi: the environment of the manifest: by default `default`.")

const place = {
  feature: one("feature", "NAME", "pixi: the feature of the packages."),
  platforms: many("platform", "PLATFORM", "pixi: a platform that the packages are for: by default all."),
  group: one("group", "NAME", "uv: the dependency group of the packages."),
  extra: one("extra", "NAME", "uv: the extra of the packages.")
}

const change = {
  groups: many("with-group", "NAME", "uv: a dependency group to install as well."),
  extras: many("with-extra", "NAME", "uv: an extra to install as well."),
  noInstall: flag("no-install", "Changes the manifest and the lock file, but not the prefix."),
  dryRun: flag("dry-run", "Shows what would change, and changes nothing.")
}

const init = {
  name: one("name", "NAME", "The name of the environment: by default that of the directory."),
  python: one("python", "VERSION", "The version of Python to depend on, such as 3.12 or '>=3.11,<3.13'."),
  channels: many("channel", "CHANNEL", "pixi: a channel, by name or URL. The first one has priority."),
  platforms: many("platform", "PLATFORM", "pixi: a platform, such as linux-64: by default that of this machine."),
  indexes: many("index", "URL", "uv: a package index instead of PyPI, as URL or NAME=URL. The first one has priority.")
} satisfies Complete<Options.InitOptions>

const install = {
  pypi: flag("pypi", "pixi: the packages are PyPI packages."),
  locked: flag("locked", "Fails if the lock file is outdated. Only without packages."),
  frozen: flag("frozen", "Installs from the lock file, even if it is outdated. Only without packages."),
  environment,
  ...place,
  indexes: many("index", "URL", "uv: a package index to add, as URL or NAME=URL."),
  ...change
} satisfies Complete<Options.InstallOptions, "packages">

const remove = { ...place, ...change } satisfies Complete<Options.RemoveOptions, "packages">

const update = change satisfies Complete<Options.UpdateOptions, "packages">

const list = {
  environment,
  platform: one("platform", "PLATFORM", "pixi: a platform of the manifest: by default that of this machine.")
} satisfies Complete<Options.ListOptions>

const run = {
  environment,
  task: one("task", "NAME", "pixi: a task of the manifest to run. The arguments are those of the task."),
  directory: one(
    "directory",
    "DIRECTORY",
    "The working directory, relative to that of the environment, which is the default."
  ),
  variables: { kind: "pairs", name: "variable", value: "NAME=VALUE", text: "A variable of the program." } as const
} satisfies Complete<Options.RunOptions, "command" | "args" | "stdin" | "stdio" | "output">

export const commands = {
  story: {
    text: "Shows what the library does, step by step. Without a command, this one runs.",
    words: [],
    options: {}
  },
  init: { text: "Creates an environment.", words: ["PATH"], options: init },
  install: {
    text: "Adds packages. Without packages, makes the prefix match the manifest.",
    words: ["PATH", "[SPEC...]"],
    options: install
  },
  remove: { text: "Removes packages.", words: ["PATH", "NAME..."], options: remove },
  update: {
    text: "Updates some packages, or all, to the newest versions that the manifest allows.",
    words: ["PATH", "[NAME...]"],
    options: update
  },
  list: { text: "Lists the packages.", words: ["PATH"], options: list },
  status: { text: "Compares the manifest, the lock file and the prefix.", words: ["PATH"], options: { environment } },
  manifest: { text: "Shows the manifest.", words: ["PATH"], options: {} },
  run: {
    text: "Runs a program in the environment, and ends with its exit code. Put -- before the program.",
    words: ["PATH", "[COMMAND...]"],
    options: run
  },
  clean: {
    text: "Removes what is installed, and keeps the manifest and the lock file.",
    words: ["PATH"],
    options: {}
  },
  destroy: { text: "Removes an environment below environments_root.", words: ["PATH"], options: {} },
  environments: { text: "Lists the environments below environments_root.", words: [], options: {} }
} satisfies Readonly<Record<string, Command>>

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
  PATH: "The directory of the environment, relative to environments_root if that is configured.",
  SPEC: "A package, such as numpy or 'numpy >=2'.",
  NAME: "The name of a package.",
  COMMAND: "The program, then its arguments."
}
