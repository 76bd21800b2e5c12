/**
 * Laws of `init` and `install`.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Law } from "./Law.js"
import { asked, law, withOption } from "./LawBench.js"

/**
 * What is in the manifest, in the lock file and in the list after `init` and `install`.
 *
 * @since 0.1.0
 * @category laws
 */
export const laws: ReadonlyArray<Law> = [
  law(
    "init-makes-an-empty-environment",
    "After init the list and the manifest are empty.",
    (bench) =>
      Effect.gen(function*() {
        const path = yield* bench.directory
        const manifest = yield* bench.succeeds("init", bench.manager.init({ path, ...bench.subject.init }))
        const environment = bench.at(path)
        yield* bench.equal("the list after init", yield* environment.list, [])
        yield* bench.equal("the dependencies after init", asked(manifest), [])
        const read = yield* environment.manifest
        yield* bench.equal("the manifest after init", { ...read }, { ...manifest })
      })
  ),

  law("init-keeps-what-is-there", "Init of an existing environment fails with EnvironmentExists and changes nothing.", (
    bench
  ) =>
    Effect.gen(function*() {
      const environment = yield* bench.made
      yield* environment.install(["greet==1.0"])
      const again = bench.manager.init({ path: environment.path, ...bench.subject.init })
      yield* bench.unchanged("init", environment, bench.fails("init", again, ["EnvironmentExists"]))
    })),

  law(
    "install-adds",
    "An installed package is listed as direct, in the requested version.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["greet==1.1", "libleaf"])
        const found = (yield* environment.list).map(({ direct, name, version }) => [name, version, direct])
        yield* bench.equal("the list", found, [["greet", "1.1", true], ["libleaf", "0.2.0", true]])
      })
  ),

  law(
    "dependencies-are-not-direct",
    "Dependencies of a package are installed with it and are not direct.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["app==1.0"])
        const found = (yield* environment.list).map(({ direct, name, version }) => [name, version, direct])
        yield* bench.equal("the list", found, [
          ["app", "1.0", true],
          ["greet", "1.1", false],
          ["libleaf", "0.2.0", false]
        ])
      })
  ),

  law(
    "install-twice-is-install",
    "Installing the same packages again changes nothing.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["app==1.0", "libleaf"])
        for (const packages of [["libleaf"], []]) {
          const again = environment.install(packages)
          const changes = yield* bench.unchanged("the second install", environment, again)
          yield* bench.equal("whether the second install changes nothing", changes.isEmpty, true)
        }
      })
  ),

  law(
    "a-bare-name-keeps-its-spec",
    "Installing the bare name of a dependency keeps its spec.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["greet==1.0"])
        yield* bench.unchanged("install of the bare name of a dependency", environment, environment.install(["greet"]))
        yield* environment.install(["greet", "libleaf"])
        yield* bench.equal("the versions", yield* environment.versions, { greet: "1.0", libleaf: "0.2.0" })
      })
  ),

  law(
    "a-spec-replaces-another",
    "Installing a dependency with another spec replaces its spec.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["greet==1.0"])
        for (const version of ["2.0", "1.1"]) {
          yield* environment.install([`greet==${version}`])
          yield* bench.equal("the versions", yield* environment.versions, { greet: version })
        }
        yield* bench.equal("the dependencies in the manifest", asked(yield* environment.manifest), ["greet"])
      })
  ),

  law(
    "the-manifest-has-what-was-installed",
    "The manifest names exactly the packages that were installed and not removed.",
    (
      bench
    ) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        const names = Effect.map(environment.manifest, asked)
        yield* environment.install(["app==1.0", "greet"])
        yield* bench.equal("the names in the manifest", yield* names, ["app", "greet"])
        yield* environment.install(["libleaf"])
        yield* bench.equal("the names in the manifest", yield* names, ["app", "greet", "libleaf"])
        yield* environment.remove(["greet"])
        yield* bench.equal("the names in the manifest", yield* names, ["app", "libleaf"])
        const direct = (yield* environment.list).filter(({ direct }) => direct).map(({ name }) => name)
        yield* bench.equal("the direct packages", direct, yield* names)
      })
  ),

  law(
    "status-agrees",
    "After an install there is a lock file, and the prefix matches it.",
    (bench) =>
      Effect.gen(function*() {
        const { install, path } = yield* bench.made
        const changes = yield* install(["app==1.0"])
        const status = yield* bench.succeeds("status", bench.manager.status({ path }))
        const { different, lock, missing, prefix, unexpected, unlocked } = status
        yield* bench.equal("the status", { lock, prefix, unlocked, missing, different, unexpected }, {
          lock: "present",
          prefix: "matches",
          unlocked: [],
          missing: [],
          different: [],
          unexpected: []
        })
        yield* bench.equal("the status in the changes of install", { ...changes.status }, { ...status })
      })
  ),

  law(
    "no-install-only-locks",
    "With noInstall the manifest and the lock file change, and the prefix does not.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        const { path } = environment
        yield* environment.install(["libleaf==0.1.0"])
        const { added } = yield* environment.install(["greet==1.0"], { noInstall: true })
        yield* bench.equal("the added packages", added.map(({ name }) => name), ["greet"])
        yield* bench.equal("the versions", yield* environment.versions, { greet: "1.0", libleaf: "0.1.0" })
        const installed = Effect.map(environment.list, (found) => found.map(({ installed, name }) => [name, installed]))
        yield* bench.equal("the installed versions", yield* installed, [["greet", null], ["libleaf", "0.1.0"]])
        const before = yield* bench.succeeds("status", bench.manager.status({ path }))
        yield* bench.equal("lock and prefix", [before.lock, before.prefix, before.missing], [
          ...["present", "differs"],
          ["greet"]
        ])
        yield* bench.unchanged("an install of the locked packages", environment, environment.install([]))
        const after = yield* bench.succeeds("status", bench.manager.status({ path }))
        yield* bench.equal("the prefix", after.prefix, "matches")
        yield* bench.equal("the installed versions", yield* installed, [["greet", "1.0"], ["libleaf", "0.1.0"]])
      }),
    withOption("noInstall")
  ),

  law(
    "locked-changes-nothing",
    "With locked or frozen, install changes neither the lock file nor the manifest.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["app==1.0"])
        const install = bench.manager.install({ path: environment.path, locked: true })
        const changes = yield* bench.unchanged(
          "a locked install",
          environment,
          bench.succeeds("a locked install", install)
        )
        yield* bench.equal("whether it changes nothing", changes.isEmpty, true)
      }),
    withOption("locked")
  )
]
