/** The commands of `darb`. */
import * as EnvironmentManifest from "@darb/package-manager/EnvironmentManifest"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Args from "@effect/cli/Args"
import * as CliConfig from "@effect/cli/CliConfig"
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as ValidationError from "@effect/cli/ValidationError"
import * as ConfigError from "effect/ConfigError"
import type * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as App from "./App.js"
import * as Argv from "./Argv.js"
import { ConfigInvalid, UsageError } from "./Failure.js"
import * as Render from "./Render.js"
import { answer, Report } from "./Report.js"
import * as Sandbox from "./Sandbox.js"
import * as Story from "./Story.js"
import * as View from "./View.js"

const optional = (name: string, value: string, description: string) =>
  Options.text(name).pipe(
    Options.withPseudoName(value),
    Options.withDescription(description),
    Options.map(Argv.unsealed),
    Options.optional,
    Options.map(Option.getOrUndefined)
  )

const repeated = (name: string, value: string, description: string) =>
  Options.text(name).pipe(
    Options.withPseudoName(value),
    Options.withDescription(description),
    Options.repeated,
    Options.map((values) => values.length === 0 ? undefined : values.map(Argv.unsealed))
  )

const flag = (name: string, description: string) =>
  Options.boolean(name).pipe(
    Options.withDescription(description),
    Options.map((given) => given ? true : undefined)
  )

const darb = Command.make("darb", {
  manager: optional("manager", "pixi|uv", "The package manager; by default the one in the configuration, or pixi."),
  executable: optional(
    "executable",
    "FILE",
    "The executable of the manager; by default the one in the configuration, or on PATH."
  ),
  config: optional("config", "FILE", "The configuration file; by default config.yaml in the working directory."),
  json: Options.boolean("json").pipe(
    Options.withDescription("Print one JSON document to standard output, and one event per line to standard error.")
  )
}).pipe(Command.withDescription("Manages environments of Python and conda packages."))

/** The layer of the application, built from the options of `darb`. */
const app = Layer.unwrapEffect(Effect.map(darb, App.layer))

const story = Command.make("story", {}, () => Story.tell).pipe(
  Command.withDescription("Demonstrates the library with packages of its own. This is the default command."),
  Command.provide(app.pipe(Layer.provideMerge(Sandbox.layer)))
)

const words = (args: Args.Args<ReadonlyArray<string>>) => Args.map(args, (values) => values.map(Argv.unsealed))

const path = Args.text({ name: "PATH" }).pipe(
  Args.map(Argv.unsealed),
  Args.withDescription("The directory of the environment.")
)

const init = Command.make(
  "init",
  {
    path,
    name: optional("name", "NAME", "The name of the environment; by default the name of the directory."),
    python: optional("python", "VERSION", "The version of Python to depend on."),
    channels: repeated("channel", "CHANNEL", "pixi: a channel, by name or URL; the first has priority."),
    platforms: repeated(
      "platform",
      "PLATFORM",
      "pixi: a platform, such as linux-64; by default the platform of the machine."
    ),
    indexes: repeated(
      "index",
      "URL",
      "uv: a package index to use instead of PyPI, as URL or NAME=URL; the first has priority."
    )
  },
  Effect.fnUntraced(function*(options) {
    const packageManager = yield* PackageManager
    yield* answer(View.manifest, packageManager.init(options))
  })
).pipe(Command.withDescription("Creates an environment."), Command.provide(app))

const place = {
  group: optional("group", "GROUP", "uv: the dependency group of the packages."),
  extra: optional("extra", "EXTRA", "uv: the extra of the packages."),
  feature: optional("feature", "FEATURE", "pixi: the feature of the packages.")
}

const noInstall = flag("no-install", "Change the manifest and the lock file, but not the prefix.")

const install = Command.make(
  "install",
  {
    path,
    packages: words(Args.text({ name: "SPEC" }).pipe(Args.repeated)),
    ...place,
    locked: flag("locked", "Fail if the lock file is outdated; only without packages."),
    frozen: flag("frozen", "Install from the lock file, even if it is outdated; only without packages."),
    noInstall
  },
  Effect.fnUntraced(function*(options) {
    const packageManager = yield* PackageManager
    yield* answer(View.changes, packageManager.install(options))
  })
).pipe(
  Command.withDescription("Adds packages; without packages, makes the prefix match the manifest."),
  Command.provide(app)
)

const remove = Command.make(
  "remove",
  { path, packages: words(Args.text({ name: "NAME" }).pipe(Args.atLeast(1))), ...place, noInstall },
  Effect.fnUntraced(function*(options) {
    const packageManager = yield* PackageManager
    yield* answer(View.changes, packageManager.remove(options))
  })
).pipe(Command.withDescription("Removes packages."), Command.provide(app))

const update = Command.make(
  "update",
  { path, packages: words(Args.text({ name: "NAME" }).pipe(Args.repeated)) },
  Effect.fnUntraced(function*({ packages, path }) {
    const packageManager = yield* PackageManager
    yield* answer(View.changes, packageManager.update({ path, packages }))
  })
).pipe(
  Command.withDescription("Updates packages, or all, to the newest versions that the manifest allows."),
  Command.provide(app)
)

const list = Command.make(
  "list",
  { path },
  Effect.fnUntraced(function*({ path }) {
    const packageManager = yield* PackageManager
    yield* answer(View.packages, packageManager.list({ path }))
  })
).pipe(Command.withDescription("Lists the packages."), Command.provide(app))

const status = Command.make(
  "status",
  { path },
  Effect.fnUntraced(function*({ path }) {
    const packageManager = yield* PackageManager
    yield* answer(View.status, packageManager.status({ path }))
  })
).pipe(Command.withDescription("Compares the manifest, the lock file and the prefix."), Command.provide(app))

const manifest = Command.make(
  "manifest",
  { path },
  () => answer(View.manifest, EnvironmentManifest.EnvironmentManifest)
).pipe(
  Command.withDescription("Shows the manifest."),
  Command.provide(({ path }) => EnvironmentManifest.layer({ path }).pipe(Layer.provideMerge(app)))
)

const commands = Command.withSubcommands(darb, [story, init, install, remove, update, list, status, manifest])

const parse = Command.run(commands, { name: "darb", version: "0.1.0" })

/** Runs a command line. */
export const run = Effect.fnUntraced(function*({ args, problem }: Argv.Argv) {
  if (problem !== undefined) return yield* new UsageError({ message: problem })
  const report = yield* Report
  const console: Console.Console = {
    ...(yield* Effect.console),
    log: (text) => report.succeed(View.help, String(text)),
    // The caller reports errors.
    error: () => Effect.void
  }
  return yield* Effect.withConsole(parse(["node", "darb", ...args]), console)
}, (effect) =>
  effect.pipe(
    Effect.catchIf(ValidationError.isValidationError, ({ error }) =>
      new UsageError({ message: Render.uncolored(HelpDoc.toAnsiText(error)).trim() })),
    Effect.catchIf(ConfigError.isConfigError, (error) =>
      ConfigInvalid.of(error)),
    Effect.provide(CliConfig.layer({ isCaseSensitive: true, showBuiltIns: false }))
  ))
