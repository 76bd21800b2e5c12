/** The commands of `darb`, each an operation of the library. */
import * as EnvironmentManifest from "@darb/package-manager/EnvironmentManifest"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as App from "./App.js"
import { ProgramEnded } from "./Failure.js"
import { flag, optional, path, repeated, words } from "./Flags.js"
import { answer } from "./Report.js"
import * as Sandbox from "./Sandbox.js"
import * as StandardInput from "./StandardInput.js"
import * as Story from "./Story.js"
import * as View from "./View.js"

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

/** Calls the package manager, and reports the result. */
const call = <A, E, R>(
  view: View.View<A>,
  operation: (packageManager: PackageManager["Type"]) => Effect.Effect<A, E, R>
) => Effect.flatMap(PackageManager, (packageManager) => answer(view, operation(packageManager)))

const story = Command.make("story", {}, () => Story.tell).pipe(
  Command.withDescription("Demonstrates the library with packages of its own. This is the default command."),
  Command.provide(app.pipe(Layer.provideMerge(Sandbox.layer)))
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
  (options) => call(View.manifest, ({ init }) => init(options))
).pipe(Command.withDescription("Creates an environment."), Command.provide(app))

const environment = optional("environment", "NAME", "pixi: the environment of the manifest; by default `default`.")

const place = {
  group: optional("group", "GROUP", "uv: the dependency group of the packages."),
  extra: optional("extra", "EXTRA", "uv: the extra of the packages."),
  feature: optional("feature", "FEATURE", "pixi: the feature of the packages."),
  platforms: repeated("platform", "PLATFORM", "pixi: a platform that needs the packages; by default all do.")
}

/** What `install`, `remove` and `update` do to the environment. */
const change = {
  groups: repeated("with-group", "GROUP", "uv: a dependency group to install as well."),
  extras: repeated("with-extra", "EXTRA", "uv: an extra to install as well."),
  noInstall: flag("no-install", "Change the manifest and the lock file, but not the prefix."),
  dryRun: flag("dry-run", "Print what would change, and change nothing.")
}

const changes = ({ dryRun = false }: { readonly dryRun?: boolean | undefined }) => dryRun ? View.dryRun : View.changes

const install = Command.make(
  "install",
  {
    path,
    packages: words("SPEC"),
    ...place,
    indexes: repeated("index", "URL", "uv: a package index to add, as URL or NAME=URL."),
    pypi: flag("pypi", "pixi: the packages are PyPI packages."),
    locked: flag("locked", "Fail if the lock file is outdated; only without packages."),
    frozen: flag("frozen", "Install from the lock file, even if it is outdated; only without packages."),
    environment,
    ...change
  },
  (options) => call(changes(options), ({ install }) => install(options))
).pipe(
  Command.withDescription("Adds packages; without packages, makes the prefix match the manifest."),
  Command.provide(app)
)

const remove = Command.make(
  "remove",
  { path, packages: words("NAME", 1), ...place, ...change },
  (options) => call(changes(options), ({ remove }) => remove(options))
).pipe(Command.withDescription("Removes packages."), Command.provide(app))

const update = Command.make(
  "update",
  { path, packages: words("NAME"), ...change },
  (options) => call(changes(options), ({ update }) => update(options))
).pipe(
  Command.withDescription("Updates packages, or all, to the newest versions that the manifest allows."),
  Command.provide(app)
)

const list = Command.make(
  "list",
  {
    path,
    environment,
    platform: optional("platform", "PLATFORM", "pixi: a platform of the manifest; by default that of the machine.")
  },
  (options) => call(View.packages, ({ list }) => list(options))
).pipe(Command.withDescription("Lists the packages."), Command.provide(app))

const status = Command.make(
  "status",
  { path, environment },
  (options) => call(View.status, ({ status }) => status(options))
).pipe(Command.withDescription("Compares the manifest, the lock file and the prefix."), Command.provide(app))

const manifest = Command.make(
  "manifest",
  { path },
  () => answer(View.manifest, EnvironmentManifest.EnvironmentManifest)
).pipe(
  Command.withDescription("Shows the manifest."),
  Command.provide(({ path }) => EnvironmentManifest.layer({ path }).pipe(Layer.provideMerge(app)))
)

const run = Command.make(
  "run",
  {
    path,
    words: words("COMMAND"),
    environment,
    directory: optional(
      "directory",
      "DIRECTORY",
      "The working directory, relative to that of the environment, which is the default."
    ),
    task: optional("task", "TASK", "pixi: a task of the manifest to run; its arguments replace the command.")
  },
  Effect.fnUntraced(function*({ words, ...options }) {
    const packageManager = yield* PackageManager
    const { json } = yield* darb
    const program = options.task === undefined ? { command: words } : { args: words }
    const ended = yield* json
      ? answer(View.ended, packageManager.run({ ...options, ...program, stdin: StandardInput.stream }))
      // Nothing but the output of the program is shown.
      : packageManager.run({ ...options, ...program, stdio: "inherit" })
    if (ended.exitCode !== 0) return yield* new ProgramEnded(ended)
  })
).pipe(
  Command.withDescription("Runs a program in the environment, and ends with its exit code. Its arguments follow --."),
  Command.provide(app)
)

const clean = Command.make(
  "clean",
  { path },
  (options) => call(View.said("nothing is installed now: install makes it again"), ({ clean }) => clean(options))
).pipe(
  Command.withDescription("Removes what is installed, and keeps the manifest and the lock file."),
  Command.provide(app)
)

const destroy = Command.make(
  "destroy",
  { path },
  (options) => call(View.said("the environment is removed"), ({ destroy }) => destroy(options))
).pipe(Command.withDescription("Removes an environment below environments_root."), Command.provide(app))

const environments = Command.make(
  "environments",
  {},
  () => call(View.environments, ({ environments }) => Stream.runCollect(environments))
).pipe(Command.withDescription("Lists the environments below environments_root."), Command.provide(app))

export const commands = Command.withSubcommands(darb, [
  story,
  init,
  install,
  remove,
  update,
  list,
  status,
  manifest,
  run,
  clean,
  destroy,
  environments
])
