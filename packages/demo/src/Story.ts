/** The story: shows in twelve steps what the library does, the same way for every manager. */
import type { Changes } from "@darb/package-manager/Changes"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Cancellation from "./Cancellation.js"
import { SandboxFailed, StoryFailed } from "./Failure.js"
import { Report } from "./Report.js"
import { layer, Sandbox } from "./Sandbox.js"
import * as Scenery from "./Scenery.js"
import * as Steps from "./Steps.js"
import * as View from "./View.js"

const packages: ReadonlyArray<Scenery.StoryPackage> = [
  { name: "greet", version: "1.0" },
  { name: "hello", version: "1.0", needs: ["libhello"] },
  { name: "libhello", version: "1.0" },
  // Its download stalls.
  { name: "bulky", version: "1.0", padding: 2 * 1024 * 1024 }
]

/** The layer that the story is told in. */
export const sandbox = layer

const newer: Scenery.StoryPackage = { name: "greet", version: "1.1" }

export const tell = Effect.gen(function*() {
  const packageManager = yield* PackageManager
  const report = yield* Report
  const { join } = yield* Path.Path
  const { step, told } = yield* Steps.make

  const { foreign, from, option, place, publish } = Scenery.of(packageManager.name)
  const sandbox = yield* Sandbox
  const path = join(sandbox, "environment")
  const publishAll = (packages: ReadonlyArray<Scenery.StoryPackage>) =>
    Effect.mapError(publish(join(sandbox, place), packages), SandboxFailed.of)
  yield* report.tell((style) => `${style.strong(`darb drives ${packageManager.name}`)} in ${path}.`)
  const { stalled, url } = yield* Effect.flatten(publishAll(packages))

  yield* step({
    title: "Create an environment",
    call: `packageManager.init({ path, name: "story", ${option}: [${place}.url] })`,
    run: packageManager.init({ path, name: "story", ...from(url) }),
    view: View.manifest,
    expected: `the manifest has the name and the ${place}`,
    holds: ({ bytes, name }) => name === "story" && new TextDecoder().decode(bytes).includes(url)
  })

  yield* step({
    title: "Install packages",
    call: `packageManager.install({ path, packages: ["greet >=1", "hello"] })`,
    run: packageManager.install({ path, packages: ["greet >=1", "hello"] }),
    view: View.changes,
    expected: "both packages and the dependency of hello are added",
    holds: ({ added }) => sameNames(added, ["greet", "hello", "libhello"])
  })

  yield* step({
    title: "List the packages",
    call: `packageManager.list({ path })`,
    run: packageManager.list({ path }),
    view: View.packages,
    expected: "all packages are installed, and only libhello is not a direct dependency",
    holds: (list) =>
      list.every(({ installed, version }) => installed === version) &&
      sameNames(list, ["greet", "hello", "libhello"]) && sameNames(list.filter(({ direct }) => !direct), ["libhello"])
  })

  yield* step({
    title: "Compare the manifest, the lock file and the prefix",
    call: `packageManager.status({ path })`,
    run: packageManager.status({ path }),
    view: View.status,
    expected: "the prefix matches the lock file",
    holds: ({ lock, prefix }) => lock === "present" && prefix === "matches"
  })

  const command = ["sh", "-c", "echo running in ${CONDA_PREFIX:-$VIRTUAL_ENV}; exit 3"]
  yield* step({
    title: "Run a program in the environment",
    call: `packageManager.run({ path, command: ${source(command)} })`,
    run: packageManager.run({ path, command }),
    view: View.ended,
    expected: "the exit code of the program is a value, and its output comes as events",
    holds: ({ exitCode }) => exitCode === 3
  })

  const endless = ["sh", "-c", "echo waiting; sleep 1000"]
  yield* step({
    title: "Cancel a program",
    call: `const fiber = yield* Effect.fork(packageManager.run({ path, command: ${source(endless)} }))\n` +
      `yield* Fiber.interrupt(fiber)`,
    run: Cancellation.of(packageManager.run({ path, command: endless }), { path, when: (printed) => printed }),
    view: View.cancellation,
    expected: "the program has ended, and no file has changed",
    holds: Cancellation.isClean
  })

  yield* Effect.asVoid(publishAll([...packages, newer]))
  yield* step({
    title: `Update, after greet 1.1 was published`,
    call: `packageManager.update({ path })`,
    run: packageManager.update({ path }),
    view: View.changes,
    expected: "greet goes from 1.0 to 1.1",
    holds: ({ changed }) =>
      sameNames(changed, ["greet"]) &&
      changed.every(({ after, before }) => before.version === "1.0" && after.version === "1.1")
  })

  yield* step({
    title: "Remove a package",
    call: `packageManager.remove({ path, packages: ["hello"] })`,
    run: packageManager.remove({ path, packages: ["hello"] }),
    view: View.changes,
    expected: "hello and its dependency are removed",
    holds: ({ removed }) => sameNames(removed, ["hello", "libhello"])
  })

  yield* step({
    title: "Show the manifest",
    call: `packageManager.getManifest({ path })`,
    run: packageManager.getManifest({ path }),
    view: View.manifest,
    expected: "greet is the only dependency",
    holds: ({ packages, pypiPackages }) => Object.keys({ ...packages, ...pypiPackages }).join() === "greet"
  })

  yield* step({
    title: "Install a version that does not exist",
    call: `packageManager.install({ path, packages: ["greet >=2"] }).pipe(\n` +
      `  Effect.catchTag("Unsolvable", ({ explanation }) => ...)\n)`,
    run: failing(packageManager.install({ path, packages: ["greet >=2"] })),
    view: View.failure,
    expected: "the class of the error says what went wrong: Unsolvable",
    holds: ({ _tag }) => _tag === "Unsolvable"
  })

  yield* step({
    title: "Use an option that only another manager has",
    call: `packageManager.install({ path, packages: ["hello"], ${foreign}: "test" }).pipe(\n` +
      `  Effect.catchTag("UnsupportedOption", ({ option, supported }) => ...)\n)`,
    run: failing(packageManager.install({ path, packages: ["hello"], [foreign]: "test" })),
    view: View.failure,
    expected: `the error names the option: ${foreign}`,
    holds: (error) => error._tag === "UnsupportedOption" && error.option === foreign
  })

  yield* step({
    title: "Cancel an install while it downloads",
    call: `const fiber = yield* Effect.fork(packageManager.install({ path, packages: ["bulky"] }))\n` +
      `yield* ${place}.stalled\n` +
      `yield* Fiber.interrupt(fiber)`,
    run: Cancellation.of(packageManager.install({ path, packages: ["bulky"] }), {
      path,
      // The manager needs a moment to write and report the half that it gets.
      when: () => Effect.andThen(stalled, Effect.sleep("250 millis"))
    }),
    view: View.cancellation,
    expected: "no process is left, and no file has changed",
    holds: Cancellation.isClean
  })

  yield* report.succeed(View.story, told)
}).pipe(
  Effect.scoped,
  Effect.onInterrupt(() => Effect.flatMap(Report, ({ remark }) => remark("the temporary directory is removed")))
)

const source = (words: ReadonlyArray<string>): string => `[${words.map((word) => JSON.stringify(word)).join(", ")}]`

/** The error of an operation that must fail. */
const failing = <E>(operation: Effect.Effect<Changes, E>) =>
  Effect.flip(operation).pipe(
    Effect.mapError((changes) =>
      new StoryFailed({ step: "install", expected: "the install fails", found: View.changes.encode(changes) })
    )
  )

const sameNames = (packages: ReadonlyArray<{ readonly name: string }>, names: ReadonlyArray<string>): boolean =>
  packages.map(({ name }) => name).join() === names.join()
