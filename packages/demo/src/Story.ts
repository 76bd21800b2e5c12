/** What the library does, told in steps, with a channel of the story's own. */
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as CondaChannel from "@darb/package-manager/testing/CondaChannel"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Cancellation from "./Cancellation.js"
import { SandboxFailed, StoryFailed } from "./Failure.js"
import { Report } from "./Report.js"
import { Sandbox } from "./Sandbox.js"
import * as Steps from "./Steps.js"
import * as View from "./View.js"

const packages: ReadonlyArray<CondaChannel.CondaPackage> = [
  { name: "greet", version: "1.0" },
  { name: "hello", version: "1.0", depends: ["libhello"] },
  { name: "libhello", version: "1.0" },
  // Its download does not end.
  { name: "bulky", version: "1.0", padding: 256 * 1024 }
]

const newer: CondaChannel.CondaPackage = { name: "greet", version: "1.1" }

export const tell = Effect.gen(function*() {
  const packageManager = yield* PackageManager
  const report = yield* Report
  const { join } = yield* Path.Path
  const { step, told } = yield* Steps.make

  const sandbox = yield* Sandbox
  const path = join(sandbox, "environment")
  const publish = (packages: ReadonlyArray<CondaChannel.CondaPackage>) =>
    Effect.mapError(CondaChannel.write(join(sandbox, "channel"), packages), SandboxFailed.of)
  const channel = yield* CondaChannel.serve(yield* publish(packages), { stall: /bulky/ })

  yield* report.tell((style) =>
    `${style.strong(`darb drives ${packageManager.name}`)} in ${path}, with packages from ${channel.url}.`
  )

  yield* step({
    title: "Create an environment",
    call: `packageManager.init({ path, name: "story", channels: [channel.url] })`,
    run: packageManager.init({ path, name: "story", channels: [channel.url] }),
    view: View.manifest,
    expected: "the manifest has the name and the channel",
    holds: ({ channels, name }) => name === "story" && channels.includes(channel.url)
  })

  yield* step({
    title: "Install packages",
    call: `packageManager.install({ path, packages: ["greet >=1", "hello"] })`,
    run: packageManager.install({ path, packages: ["greet >=1", "hello"] }),
    view: View.changes,
    expected: "both are added, and what hello depends on",
    holds: ({ added }) => sameNames(added, ["greet", "hello", "libhello"])
  })

  yield* step({
    title: "List what is installed",
    call: `packageManager.list({ path })`,
    run: packageManager.list({ path }),
    view: View.packages,
    expected: "libhello is the one that was not asked for",
    holds: (list) =>
      sameNames(list, ["greet", "hello", "libhello"]) && sameNames(list.filter(({ direct }) => !direct), ["libhello"])
  })

  yield* publish([...packages, newer])
  yield* step({
    title: "Update, now that the channel has greet 1.1",
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
    expected: "hello is removed, and what only it needed",
    holds: ({ removed }) => sameNames(removed, ["hello", "libhello"])
  })

  yield* step({
    title: "Show the manifest",
    call: `packageManager.getManifest({ path })`,
    run: packageManager.getManifest({ path }),
    view: View.manifest,
    expected: "greet is what it asks for",
    holds: ({ packages }) => Object.keys(packages).join() === "greet"
  })

  yield* step({
    title: "Ask for what cannot be had",
    call: `packageManager.install({ path, packages: ["greet >=2"] }).pipe(\n` +
      `  Effect.catchTag("Unsolvable", ({ explanation }) => ...)\n)`,
    run: packageManager.install({ path, packages: ["greet >=2"] }).pipe(
      Effect.flip,
      Effect.mapError((changes) =>
        new StoryFailed({ step: "install", expected: "it fails", found: View.changes.encode(changes) })
      )
    ),
    view: View.failure,
    expected: "the error says what went wrong by its class: Unsolvable",
    holds: ({ _tag }) => _tag === "Unsolvable"
  })

  yield* step({
    title: "Cancel an install while it downloads",
    call: `const fiber = yield* Effect.fork(packageManager.install({ path, packages: ["bulky"] }))\n` +
      `yield* channel.stalled\n` +
      `yield* Fiber.interrupt(fiber)`,
    run: Cancellation.of(packageManager.install({ path, packages: ["bulky"] }), { path, when: channel.stalled }),
    view: View.cancellation,
    expected: "no process is left, and the environment is as it was before",
    holds: Cancellation.isClean
  })

  yield* report.succeed(View.story, told)
}).pipe(Effect.scoped)

const sameNames = (packages: ReadonlyArray<{ readonly name: string }>, names: ReadonlyArray<string>): boolean =>
  packages.map(({ name }) => name).join() === names.join()
