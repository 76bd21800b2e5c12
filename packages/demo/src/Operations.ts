/** What the commands of `darb` do: each calls an operation of the library, and reports its result. */
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as Argv from "./Argv.js"
import type * as Commands from "./Commands.js"
import { type Failure, ProgramEnded } from "./Failure.js"
import * as Hint from "./Hint.js"
import { answer, Report } from "./Report.js"
import * as StandardInput from "./StandardInput.js"
import * as View from "./View.js"

type Command = Exclude<Commands.Name, "story">

type Manager = PackageManager["Type"]

type Operation<Name extends Command> = (
  packageManager: Manager,
  call: Argv.Call<Name>
) => Effect.Effect<void, Failure, Report>

const changes = ({ dryRun = false }: { readonly dryRun?: boolean }) => dryRun ? View.dryRun : View.changes

const operations: { readonly [Name in Command]: Operation<Name> } = {
  init: ({ init }, { options, path }) => answer(View.manifest, init({ path, ...options })),
  install: ({ install }, { options, path, words }) =>
    answer(changes(options), install({ path, packages: words, ...options })),
  remove: ({ remove }, { options, path, words }) =>
    answer(changes(options), remove({ path, packages: words, ...options })),
  update: ({ update }, { options, path, words }) =>
    answer(changes(options), update({ path, packages: words, ...options })),
  list: ({ list }, { options, path }) => answer(View.packages, list({ path, ...options })),
  status: ({ status }, { options, path }) => answer(View.status, status({ path, ...options })),
  manifest: ({ getManifest }, { path }) => answer(View.manifest, getManifest({ path })),
  run: Effect.fnUntraced(function*(packageManager, { options, path, shared, words }) {
    const program = options.task === undefined ? { command: words } : { args: words }
    const ended = yield* shared.json
      ? answer(View.ended, packageManager.run({ path, ...options, ...program, stdin: StandardInput.stream }), "")
      // Nothing but the output of the program is shown.
      : packageManager.run({ path, ...options, ...program, stdio: "inherit" })
    if (ended.exitCode !== 0) return yield* new ProgramEnded(ended)
  }),
  clean: ({ clean }, { path }) =>
    answer(View.said("nothing is installed now: install makes it again"), clean({ path }), ""),
  destroy: ({ destroy }, { path }) => answer(View.said("the environment is removed"), destroy({ path }), ""),
  environments: ({ environments }) => answer(View.environments, Stream.runCollect(environments))
}

/** Performs any command but the story, with the manager that it has chosen. */
export const perform = Effect.fnUntraced(function*<Name extends Command>(call: Argv.Call<Name>) {
  const packageManager = yield* PackageManager
  const { remark } = yield* Report
  const operation: Operation<Name> = operations[call.command]
  yield* Effect.tapError(
    operation(packageManager, call),
    (error) => Effect.flatMap(Hint.hint(error, call), (hint) => hint === undefined ? Effect.void : remark(hint))
  )
})
