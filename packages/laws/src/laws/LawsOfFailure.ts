/**
 * Laws of failing and of reading operations.
 *
 * @module
 * @since 0.1.0
 */
import type * as Changes from "@darb/package-manager/Changes"
import type { Package } from "@darb/package-manager/Package"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import type { Law } from "./Law.js"
import { type Bench, law } from "./LawBench.js"
import { shown } from "./LawText.js"

/**
 * The changes between two lists.
 *
 * @since 0.1.0
 * @category operations
 */
export const expectedChanges = (before: ReadonlyArray<Package>, after: ReadonlyArray<Package>) => {
  const versions = (list: ReadonlyArray<Package>) => new Map(list.map(({ name, version }) => [name, version]))
  const [old, now] = [versions(before), versions(after)]
  return {
    added: [...now].filter(([name]) => !old.has(name)),
    removed: [...old].filter(([name]) => !now.has(name)),
    changed: [...now].filter(([name, version]) => old.has(name) && old.get(name) !== version)
      .map(([name, version]) => [name, old.get(name), version])
  }
}

/**
 * The changes that an operation reports, in the same form.
 *
 * @since 0.1.0
 * @category operations
 */
export const toldChanges = ({ added, changed, removed }: Changes.Changes) => ({
  added: added.map(({ name, version }) => [name, version]),
  removed: removed.map(({ name, version }) => [name, version]),
  changed: changed.map(({ after, before, name }) => [name, before.version, after.version])
})

/** A plausible value for each option. */
const options: Readonly<Record<string, unknown>> = {
  name: "x",
  python: "3.12",
  channels: ["x"],
  platforms: ["linux-64"],
  indexes: ["https://example.org/simple"],
  packages: ["greet"],
  pypi: true,
  locked: true,
  frozen: true,
  noInstall: true,
  dryRun: true,
  environment: "x",
  platform: "linux-64",
  feature: "x",
  group: "x",
  extra: "x",
  groups: ["x"],
  extras: ["x"],
  command: ["true"],
  task: "x",
  args: ["x"],
  variables: { X: "x" },
  directory: ".",
  stdin: "x",
  stdio: "pipe",
  output: "lines",
  "no-such-option": "x"
}

const operations = [
  "init",
  "install",
  "remove",
  "update",
  "list",
  "status",
  "run",
  "activation",
  "getManifest",
  "clean"
] as const

/** Calls an operation with an option that its type may not have. */
const given = (
  { manager }: Bench,
  operation: typeof operations[number],
  path: string,
  options: Readonly<Record<string, unknown>> = {}
): Effect.Effect<unknown, PackageManagerError> => {
  const all = { path, ...options }
  if (operation === "run") return manager.run({ command: ["true"], ...all })
  return operation === "remove" ? manager.remove({ packages: ["greet"], ...all }) : manager[operation](all)
}

/**
 * A failure has a cause, and changes nothing. Reading writes nothing.
 *
 * @since 0.1.0
 * @category laws
 */
export const laws: ReadonlyArray<Law> = [
  law(
    "a-failing-install-changes-nothing",
    "An impossible install explains why and changes nothing.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["greet==1.0"])
        const cases: ReadonlyArray<readonly [ReadonlyArray<string>, ReadonlyArray<PackageManagerError["_tag"]>]> = [
          [["nope"], ["PackageNotFound", "Unsolvable"]],
          [["libleaf", "nope"], ["PackageNotFound", "Unsolvable"]],
          [["greet==9.9"], ["PackageNotFound", "Unsolvable"]],
          [["app==2.0", "greet==1.0"], ["Unsolvable"]],
          [["orphan"], ["PackageNotFound", "Unsolvable"]],
          [["libleaf", "gr eet=="], ["InvalidSpec"]],
          [["--help"], ["InvalidSpec"]],
          [[""], ["InvalidSpec"]],
          [["greet\n"], ["InvalidSpec"]]
        ]
        const before = yield* environment.state
        for (const [packages, tags] of cases) {
          const what = `install of ${shown(packages)}`
          const install = bench.manager.install({ path: environment.path, packages })
          const error = yield* bench.fails(what, install, tags)
          yield* bench.same(what, yield* environment.state, before)
          if (error._tag !== "Unsolvable") continue
          yield* bench.equal("whether it explains why", error.explanation.trim() !== "", true)
        }
        yield* environment.install(["libleaf"])
      })
  ),

  law(
    "changes-agree-with-the-lists",
    "The reported changes are the difference between the lists.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        const { install, remove, update } = environment
        let before = yield* environment.list
        for (
          const [what, operation] of [
            ["install of app==1.0", install(["app==1.0"])],
            ["install of app==2.0", install(["app==2.0"])],
            ["remove of app", remove(["app"])],
            ["install of greet==1.0", install(["greet==1.0", "libleaf==0.1.0"])],
            ["install of greet==1.1", install(["greet==1.1"])],
            ["install of nothing more", install([])],
            ["update", update([])],
            ["remove of both", remove(["greet", "libleaf"])]
          ] as const
        ) {
          const changes = yield* operation
          const after = yield* environment.list
          yield* bench.equal(`the changes of ${what}`, toldChanges(changes), expectedChanges(before, after))
          before = after
        }
      })
  ),

  law(
    "reads-write-nothing",
    "list, status and getManifest leave every file as it is.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        const { path } = environment
        const { manager } = bench
        for (const packages of [[], ["app==1.0"]]) {
          if (packages.length > 0) yield* environment.install(packages)
          const before = yield* bench.files(path)
          yield* environment.list
          yield* bench.succeeds("status", manager.status({ path }))
          yield* environment.manifest
          yield* bench.same("reading", yield* bench.files(path), before)
        }
      })
  ),

  law(
    "where-there-is-no-environment",
    "Without an environment, every operation but init fails with EnvironmentNotFound.",
    (
      bench
    ) =>
      Effect.gen(function*() {
        const path = yield* bench.directory
        const environment = yield* bench.made
        const before = yield* environment.state
        // A path that does not exist, and one below an environment, which is not a part of it.
        for (const nowhere of [path, `${environment.path}/below`]) {
          for (const operation of operations.filter((operation) => operation !== "init")) {
            yield* bench.fails(operation, given(bench, operation, nowhere), ["EnvironmentNotFound"])
          }
          yield* bench.same("operations without an environment", yield* bench.files(nowhere), {})
        }
        yield* bench.same("operations below an environment", yield* environment.state, before)
      })
  ),

  law(
    "an-unknown-option-is-an-error",
    "An option that the manager lacks fails with UnsupportedOption.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["greet==1.0"])
        const before = yield* environment.state
        for (const operation of operations) {
          const supported: ReadonlyArray<string> = bench.manager.capabilities.options[operation]
          for (const [option, value] of Object.entries(options)) {
            if (supported.includes(option)) continue
            const path = operation === "init" ? `${environment.path}/below` : environment.path
            const what = `${operation} with ${option}`
            const error = yield* bench.fails(what, given(bench, operation, path, { [option]: value }), [
              "UnsupportedOption"
            ])
            yield* bench.equal(
              `what ${what} names`,
              error._tag === "UnsupportedOption" && [error.operation, error.option],
              [operation, option]
            )
          }
        }
        yield* bench.same("operations with unsupported options", yield* environment.state, before)
      })
  )
]
