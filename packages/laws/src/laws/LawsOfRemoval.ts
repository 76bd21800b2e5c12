/**
 * Laws of `remove` and `update`.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Law } from "./Law.js"
import { asked, law } from "./LawBench.js"

/**
 * What `remove` and `update` leave, and what they refuse.
 *
 * @since 0.1.0
 * @category laws
 */
export const laws: ReadonlyArray<Law> = [
  law(
    "remove-undoes-install",
    "Installing and removing a package leaves the list and the manifest as before.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        const state = Effect.map(
          Effect.all([environment.list, environment.manifest]),
          ([list, manifest]) => ({
            list: list.map(({ direct, name, version }) => [name, version, direct]),
            asked: asked(manifest)
          })
        )
        yield* environment.install(["greet==1.0"])
        const before = yield* state
        yield* environment.install(["app==1.0", "libleaf"])
        yield* environment.remove(["app", "libleaf"])
        yield* bench.equal("list and manifest", yield* state, before)
        yield* environment.remove(["greet"])
        yield* bench.equal("the list", yield* environment.list, [])
      })
  ),

  law(
    "remove-keeps-what-is-needed",
    "A removed dependency that another package needs stays and is not direct.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["app==1.0", "libleaf"])
        yield* environment.remove(["libleaf"])
        const found = (yield* environment.list).map(({ direct, name }) => [name, direct])
        yield* bench.equal("the list", found, [["app", true], ["greet", false], ["libleaf", false]])
      })
  ),

  law(
    "remove-of-what-is-not-there",
    "Removing a package that is not in the manifest fails with DependencyNotFound and changes nothing.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        const { path } = environment
        yield* environment.install(["app==1.0"])
        // A package that does not exist, one that is not installed, and one that is only a transitive dependency.
        for (const name of ["nope", "orphan", "libleaf"]) {
          const remove = bench.manager.remove({ path, packages: [name] })
          const fails = bench.fails(`remove of ${name}`, remove, ["DependencyNotFound"])
          yield* bench.unchanged(`remove of ${name}`, environment, fails)
        }
      })
  ),

  law(
    "remove-is-all-or-nothing",
    "Removing known and unknown packages together removes nothing and names the unknown ones.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["greet==1.0", "libleaf"])
        const remove = bench.manager.remove({ path: environment.path, packages: ["greet", "nope", "libleaf"] })
        const fails = bench.fails("remove", remove, ["DependencyNotFound"])
        const error = yield* bench.unchanged("a remove of known and unknown packages", environment, fails)
        yield* bench.equal("the unknown packages", error._tag === "DependencyNotFound" && error.packages, ["nope"])
      })
  ),

  law("update-of-the-newest-changes-nothing", "An update without newer versions changes nothing.", (
    bench
  ) =>
    Effect.gen(function*() {
      const environment = yield* bench.made
      yield* environment.install(["app"])
      for (const packages of [[], ["greet"], ["app", "libleaf"]]) {
        const changes = yield* bench.unchanged("update", environment, environment.update(packages))
        yield* bench.equal("whether update changes nothing", changes.isEmpty, true)
      }
    })),

  law(
    "update-of-what-is-not-there",
    "Updating a package that is not locked fails with DependencyNotFound and changes nothing.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        yield* environment.install(["libleaf==0.1.0"])
        for (const packages of [["nope"], ["libleaf", "greet"]]) {
          const update = bench.manager.update({ path: environment.path, packages })
          const fails = bench.fails(`update of ${packages.join(" ")}`, update, ["DependencyNotFound"])
          yield* bench.unchanged(`update of ${packages.join(" ")}`, environment, fails)
        }
      })
  ),

  law(
    "update-keeps-the-bounds",
    "An update installs the newest versions that the specs allow and keeps the manifest.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        // A manager may keep or drop an older version that nothing in the manifest needs any more.
        yield* environment.install(["libleaf==0.1.0"])
        yield* environment.install(["app==1.0"])
        yield* environment.remove(["libleaf"])
        const { bytes } = yield* environment.manifest
        const before = yield* environment.versions
        const { changed } = yield* environment.update([])
        yield* bench.equal("the versions", yield* environment.versions, { app: "1.0", greet: "1.1", libleaf: "0.2.0" })
        yield* bench.equal(
          "what changed",
          changed.map(({ name }) => name),
          before.libleaf === "0.2.0" ? [] : ["libleaf"]
        )
        const after = yield* environment.manifest
        yield* bench.equal("the manifest", [...after.bytes], [...bytes])
      })
  )
]
