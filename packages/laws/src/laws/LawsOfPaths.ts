/**
 * Laws of paths.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Law } from "./Law.js"
import { type Bench, law } from "./LawBench.js"
import { shown } from "./LawText.js"

const odd: ReadonlyArray<string> = [
  "with spaces in it",
  " a space before and after ",
  "ünïcödé 日本語 🦀",
  "e\u0301 decomposed",
  "\"double\" 'single' `back`",
  "--help",
  "-",
  ".hidden",
  "...",
  "a.b..c",
  "100%20$HOME~",
  "#hash?query&more;[x]{y}(z)*!",
  "a\\b",
  "<>|:=,@+^",
  "CON",
  "line\nend",
  "x".repeat(200),
  "é".repeat(100)
]

/** A manager may refuse a name with a typed error, but what it accepts must work. */
const tryOut = Effect.fnUntraced(function*(bench: Bench, path: string) {
  const { manager } = bench
  const what = `init at ${shown(path)}`
  const made = yield* Effect.either(manager.init({ path, ...bench.subject.init }))
  if (Either.isLeft(made)) {
    yield* bench.same(`${what}, which failed with ${made.left._tag},`, yield* bench.files(path), {})
    yield* bench.fails(`list after ${what}`, manager.list({ path }), ["EnvironmentNotFound", made.left._tag])
    return
  }
  const environment = bench.at(path)
  yield* environment.install(["greet==1.0"])
  yield* bench.equal(`the list at ${shown(path)}`, yield* environment.versions, { greet: "1.0" })
})

/**
 * Names of directories that tools tend to stumble over, and two paths of one directory.
 *
 * @since 0.1.0
 * @category laws
 */
export const laws: ReadonlyArray<Law> = [
  law(
    "odd-paths",
    "An environment works in a directory of any name, or init fails with a typed error and leaves nothing.",
    (bench) =>
      Effect.gen(function*() {
        const directory = yield* bench.directory
        yield* Effect.forEach(odd, (name) => tryOut(bench, `${directory}/${name}`), {
          concurrency: 2,
          discard: true
        })
      })
  ),

  law(
    "paths-that-are-none",
    "An empty path and a path with a NUL byte fail with InvalidOption.",
    (bench) =>
      Effect.gen(function*() {
        for (const path of ["", `${yield* bench.directory}/a\0b`]) {
          const { manager } = bench
          const what = `at ${shown(path)}`
          yield* bench.fails(`init ${what}`, manager.init({ path, ...bench.subject.init }), ["InvalidOption"])
          yield* bench.fails(`list ${what}`, manager.list({ path }), ["InvalidOption"])
          yield* bench.fails(`install ${what}`, manager.install({ path }), ["InvalidOption"])
        }
      })
  ),

  law("a-path-can-be-spelled-in-several-ways", "Different spellings of a path name the same environment.", (
    bench
  ) =>
    Effect.gen(function*() {
      const { install, path } = yield* bench.made
      yield* install(["greet==1.0"])
      const name = path.slice(path.lastIndexOf("/") + 1)
      for (const other of [`${path}/`, `${path}/.`, `${path}/../${name}`, path.replace(/\/(?=[^/]*$)/, "//./")]) {
        yield* bench.equal(`the list at ${other}`, yield* bench.at(other).versions, { greet: "1.0" })
      }
    })),

  law("one-below-another", "An environment below another one is independent of it.", (bench) =>
    Effect.gen(function*() {
      const outer = yield* bench.made
      yield* outer.install(["greet==1.0"])
      const path = `${outer.path}/below`
      const inner = bench.at(path)
      const list = outer.list
      const before = yield* list
      yield* bench.succeeds("init below", bench.manager.init({ path, ...bench.subject.init }))
      yield* inner.install(["libleaf"])
      yield* bench.equal("the inner list", yield* inner.versions, { libleaf: "0.2.0" })
      yield* inner.remove(["libleaf"])
      yield* bench.equal("the outer list", yield* list, before)
      yield* bench.equal("the dependencies of the outer environment", Object.keys(yield* outer.versions), ["greet"])
    }))
]
