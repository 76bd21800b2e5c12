/** Laws of `init` and `install`. */
import * as Effect from "effect/Effect"
import type { Law } from "./Law.js"
import { asked, law, withOption } from "./LawBench.js"

export const laws: ReadonlyArray<Law> = [
  law(
    "init-makes-an-empty-environment",
    "After init nothing is listed, and nothing is asked for.",
    (bench) =>
      Effect.gen(function*() {
        const path = yield* bench.directory
        const manifest = yield* bench.succeeds("init", bench.manager.init({ path, ...bench.subject.init }))
        const environment = bench.at(path)
        yield* bench.equal("what list says after init", yield* environment.list, [])
        yield* bench.equal("what the manifest asks for after init", asked(manifest), [])
        const read = yield* environment.manifest
        yield* bench.equal("what getManifest says after init", { ...read }, { ...manifest })
      })
  ),

  law("init-keeps-what-is-there", "Init where an environment is fails with EnvironmentExists and changes nothing.", (
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
    "What was installed is listed, in the version that was asked for, and is direct.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["greet==1.1", "libleaf"])
        const found = (yield* environment.list).map(({ direct, name, version }) => [name, version, direct])
        yield* bench.equal("what list says", found, [["greet", "1.1", true], ["libleaf", "0.2.0", true]])
      })
  ),

  law(
    "dependencies-are-not-direct",
    "What a package depends on is installed with it, and is not direct.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["app==1.0"])
        const found = (yield* environment.list).map(({ direct, name, version }) => [name, version, direct])
        yield* bench.equal("what list says", found, [
          ["app", "1.0", true],
          ["greet", "1.1", false],
          ["libleaf", "0.2.0", false]
        ])
      })
  ),

  law("install-twice-is-install", "A second install of the same changes nothing.", (bench) =>
    Effect.gen(function*() {
      const environment = yield* bench.made
      yield* environment.install(["app==1.0", "libleaf"])
      for (const packages of [["libleaf"], []]) {
        const again = environment.install(packages)
        const changes = yield* bench.unchanged("the second install", environment, again)
        yield* bench.equal("whether the second install changes nothing", changes.isEmpty, true)
      }
    })),

  law(
    "a-bare-name-keeps-its-spec",
    "The bare name of a dependency leaves its spec as it is.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["greet==1.0"])
        yield* bench.unchanged("install of a bare name that is there", environment, environment.install(["greet"]))
        yield* environment.install(["greet", "libleaf"])
        yield* bench.equal("the versions", yield* environment.versions, { greet: "1.0", libleaf: "0.2.0" })
      })
  ),

  law(
    "a-spec-replaces-another",
    "The spec of a dependency that is given anew is what counts.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["greet==1.0"])
        for (const version of ["2.0", "1.1"]) {
          yield* environment.install([`greet==${version}`])
          yield* bench.equal("the versions", yield* environment.versions, { greet: version })
        }
        yield* bench.equal("what the manifest asks for", asked(yield* environment.manifest), ["greet"])
      })
  ),

  law("the-manifest-has-what-was-installed", "The manifest names what was installed and not removed, and only that.", (
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
    })),

  law(
    "status-agrees",
    "After an install the lock is there, and what is installed matches it.",
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
        yield* bench.equal("the status that install told", { ...changes.status }, { ...status })
      })
  ),

  law(
    "no-install-only-locks",
    "With noInstall the manifest and the lock change, and what is installed does not, as list says.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        const { path } = environment
        yield* environment.install(["libleaf==0.1.0"])
        const { added } = yield* environment.install(["greet==1.0"], { noInstall: true })
        yield* bench.equal("what was added", added.map(({ name }) => name), ["greet"])
        yield* bench.equal("the versions", yield* environment.versions, { greet: "1.0", libleaf: "0.1.0" })
        const installed = Effect.map(environment.list, (found) => found.map(({ installed, name }) => [name, installed]))
        yield* bench.equal("what is installed", yield* installed, [["greet", null], ["libleaf", "0.1.0"]])
        const before = yield* bench.succeeds("status", bench.manager.status({ path }))
        yield* bench.equal("lock and prefix", [before.lock, before.prefix, before.missing], [
          ...["present", "differs"],
          ["greet"]
        ])
        yield* bench.unchanged("an install of what is locked", environment, environment.install([]))
        const after = yield* bench.succeeds("status", bench.manager.status({ path }))
        yield* bench.equal("the prefix", after.prefix, "matches")
        yield* bench.equal("what is installed", yield* installed, [["greet", "1.0"], ["libleaf", "0.1.0"]])
      }),
    withOption("noInstall")
  ),

  law(
    "locked-changes-nothing",
    "An install that keeps the lock changes neither it nor the manifest.",
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
