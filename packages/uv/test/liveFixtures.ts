/** What the tests with a real uv share. */
import { homeOf } from "@darb/laws/Subject"
import { directoryWith } from "@darb/laws/TestDirectory"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Uv from "../src/Uv.js"

/** A manager with a home and a cache of its own. */
export const fresh = Effect.fnUntraced(function*(
  executable: string,
  options: Uv.UvOptions = {},
  variables: Readonly<Record<string, string>> = {}
) {
  const { environment } = yield* homeOf("uv")
  return yield* Uv.make({
    executable,
    environment: { ...environment, NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1", ...variables },
    ...options
  })
})

/** An environment of that manager, on an index with the example packages. */
export const made = Effect.fnUntraced(function*(executable: string, name = "env") {
  const packageManager = yield* fresh(executable)
  const index = yield* WheelDirectory.make(WheelDirectory.examples)
  const root = yield* directoryWith({})
  const path = `${root}/${name}`
  const manifest = yield* packageManager.init({ path, indexes: [index.url] })
  return { index, manifest, packageManager, path, root }
})

export const edit = Effect.fnUntraced(function*(file: string, from: string | RegExp, to: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(file)
  assert.match(text, new RegExp(from))
  yield* fs.writeFileString(file, text.replace(from, to))
})

export const live = <A, E>(effect: () => Effect.Effect<A, E, NodeContext.NodeContext | Scope.Scope>) => () =>
  effect().pipe(Effect.provide(NodeContext.layer))
