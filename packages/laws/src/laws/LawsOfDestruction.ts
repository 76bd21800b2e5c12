/**
 * Laws of `clean`, `destroy` and `environments`.
 *
 * @module
 * @since 0.1.0
 */
import * as Output from "@darb/package-manager/Output"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Law, LawBroken } from "./Law.js"
import { type Bench, law } from "./LawBench.js"
import { shown } from "./LawText.js"

/** A law of a manager with a directory of all environments. */
const rootedLaw = (
  name: string,
  statement: string,
  body: (bench: Bench, root: string) => Effect.Effect<void, LawBroken, Scope.Scope>
): Law =>
  law(
    name,
    statement,
    ({ rooted }) => Effect.flatMap(rooted, (found) => found === undefined ? Effect.void : body(found.bench, found.root))
  )

const init = (bench: Bench, path: string) =>
  Effect.as(
    bench.succeeds(`init at ${path}`, bench.manager.init({ path, ...bench.subject.init })),
    bench.at(path)
  )

const listed = (bench: Bench) =>
  Effect.map(
    bench.succeeds("environments", Stream.runCollect(bench.manager.environments)),
    (found) =>
      [...found].map(({ error, name, path, status }) => ({ path, name, prefix: status?.prefix, error: error?._tag }))
  )

const without = (state: Readonly<Record<string, string>>, directory: string) =>
  Object.fromEntries(
    Object.entries(state).filter(([name]) => name !== directory && !name.startsWith(`${directory}/`))
  )

/**
 * What `clean` and `destroy` remove, and what they refuse to remove.
 *
 * @since 0.1.0
 * @category laws
 */
export const laws: ReadonlyArray<Law> = [
  law(
    "clean-then-install-restores",
    "clean removes what is installed and nothing else, and an install makes it again.",
    (bench) =>
      Effect.gen(function*() {
        const { manager } = bench
        const environment = yield* bench.made
        const { path } = environment
        const status = bench.succeeds("status", manager.status({ path }))
        const clean = bench.unchanged("clean", environment, bench.succeeds("clean", manager.clean({ path })))
        const empty = yield* bench.tree(path)
        yield* clean
        yield* bench.same("clean where nothing is installed", yield* bench.tree(path), empty)
        yield* environment.install(["app==1.0"])
        const [before, list] = yield* Effect.all([status, environment.list])
        const { bytes } = yield* environment.manifest
        for (const _ of [1, 2]) {
          yield* bench.succeeds("clean", manager.clean({ path }))
          yield* bench.equal("the status after clean", (yield* status).prefix, "absent")
        }
        yield* bench.equal("the manifest", [...(yield* environment.manifest).bytes], [...bytes])
        const changes = yield* environment.install([])
        yield* bench.equal("whether the install changes the lock file", changes.isEmpty, true)
        yield* bench.equal("the status after the install", yield* status, before)
        yield* bench.equal("the list after the install", yield* environment.list, list)
      })
  ),

  law(
    "destroy-and-environments-need-a-root",
    "Without a directory of all environments, destroy and environments fail with InvalidOption.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        const { manager } = bench
        const destroy = bench.fails("destroy", manager.destroy({ path: environment.path }), ["InvalidOption"])
        yield* bench.unchanged("destroy", environment, destroy)
        yield* bench.fails("environments", Stream.runDrain(manager.environments), ["InvalidOption"])
      })
  ),

  rootedLaw(
    "destroy-removes-one-environment",
    "destroy leaves nothing of an environment, and everything else as it was.",
    (bench, root) =>
      Effect.gen(function*() {
        const { manager } = bench
        yield* Effect.flatMap(init(bench, `${root}/kept`), ({ install }) => install(["libleaf==0.1.0"]))
        const environment = yield* init(bench, `${root}/gone`)
        yield* environment.install(["greet==1.0"])
        const before = yield* bench.tree(root)
        yield* bench.succeeds("destroy", manager.destroy({ path: "gone" }))
        yield* bench.same("destroy", yield* bench.tree(root), without(before, "gone"))
        yield* bench.fails("list", manager.list({ path: "gone" }), ["EnvironmentNotFound"])
        yield* bench.fails("destroy again", manager.destroy({ path: "gone" }), ["EnvironmentNotFound"])
        yield* bench.equal("the other one", yield* bench.at(`${root}/kept`).versions, { libleaf: "0.1.0" })
        const again = yield* init(bench, `${root}/gone`)
        yield* bench.equal("the list of a new environment there", yield* again.versions, {})
      })
  ),

  rootedLaw(
    "destroy-refuses",
    "destroy removes nothing but an environment below the root that contains no other one.",
    (bench, root) =>
      Effect.gen(function*() {
        const { manager } = bench
        yield* init(bench, `${root}/outer`)
        yield* init(bench, `${root}/outer/inner`)
        const before = yield* bench.tree(root)
        for (const path of [".", "..", root, `${root}/..`, `${root}/outer/../..`, "/", "", `${root}-other`, "outer"]) {
          const what = `destroy of ${shown(path)}`
          yield* bench.fails(what, manager.destroy({ path }), ["InvalidOption"])
          yield* bench.same(what, yield* bench.tree(root), before)
        }
        yield* bench.fails("destroy of nothing", manager.destroy({ path: "none" }), ["EnvironmentNotFound"])
        yield* bench.same("destroy of nothing", yield* bench.tree(root), before)
        yield* bench.succeeds("destroy of the inner one", manager.destroy({ path: "outer/inner" }))
        yield* bench.succeeds("destroy of the outer one", manager.destroy({ path: "outer" }))
        yield* bench.equal("the environments", yield* listed(bench), [])
      })
  ),

  rootedLaw(
    "destroy-waits-for-a-change",
    "destroy during an install waits for it, and changes after it find no environment.",
    (bench, root) =>
      Effect.gen(function*() {
        const { manager } = bench
        const path = `${root}/one`
        yield* init(bench, path)
        const [started, asked] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
        const install = Output.observe(
          manager.install({ path, packages: ["app==1.0"] }),
          () => Effect.zipRight(Deferred.succeed(started, undefined), Deferred.await(asked))
        )
        const installing = yield* Effect.fork(install)
        yield* Effect.raceFirst(Deferred.await(started), Fiber.await(installing))
        const destroying = yield* Effect.fork(Output.observe(
          manager.destroy({ path }),
          (event) => event._tag === "Waiting" ? Deferred.succeed(asked, undefined) : Effect.void
        ))
        yield* Deferred.await(asked)
        const late = yield* Effect.fork(manager.install({ path, packages: ["libleaf"] }))
        const changes = yield* bench.succeeds("install", Fiber.join(installing))
        yield* bench.equal("whether the install was made", changes.isEmpty, false)
        yield* bench.succeeds("destroy", Fiber.join(destroying))
        yield* bench.fails("an install after it", Fiber.join(late), ["EnvironmentNotFound"])
        yield* bench.equal("what is left", yield* bench.tree(root), {})
      })
  ),

  rootedLaw(
    "environments-are-those-that-were-made",
    "environments lists exactly the environments below the root, in the order of their paths.",
    (bench, root) =>
      Effect.gen(function*() {
        const { manager } = bench
        yield* bench.equal("the environments of an empty root", yield* listed(bench), [])
        const paths = ["b/deep/down", "c", "a", "a/below"].map((name) => `${root}/${name}`)
        for (const path of paths) yield* init(bench, path)
        yield* Effect.flatMap(init(bench, `${root}/d`), ({ install }) => install(["greet==1.0"]))
        const found = yield* listed(bench)
        yield* bench.equal("the environments", found, [
          { path: `${root}/a`, name: "a", prefix: found[0]?.prefix },
          { path: `${root}/b/deep/down`, name: "down", prefix: found[1]?.prefix },
          { path: `${root}/c`, name: "c", prefix: found[2]?.prefix },
          { path: `${root}/d`, name: "d", prefix: "matches" }
        ])
        const [first] = yield* bench.succeeds("environments", Stream.runCollect(Stream.take(manager.environments, 1)))
        yield* bench.equal("the first one", first?.path, `${root}/a`)
        yield* bench.succeeds("destroy", manager.destroy({ path: "c" }))
        const left = (yield* listed(bench)).map(({ path }) => path)
        yield* bench.equal(
          "the environments after destroy",
          left,
          ["a", "b/deep/down", "d"].map((name) => `${root}/${name}`)
        )
      })
  )
]
