/** What the tests with a real pixi share. */
import { homeOf, patient } from "@darb/laws/Subject"
import type { PackageManager } from "@darb/package-manager/PackageManager"
import { assert } from "@effect/vitest"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Pixi from "../src/Pixi.js"
import * as PixiVersion from "../src/PixiVersion.js"

/** A manager with a home and a cache of its own. */
export const fresh = Effect.fnUntraced(function*(
  executable: string,
  options: Pixi.PixiOptions = {},
  variables: Readonly<Record<string, string>> = {}
) {
  const { directory: home, environment } = yield* homeOf("pixi")
  const manager = yield* Pixi.make({
    executable,
    limit: "20 seconds",
    environment: { ...environment, NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1", ...variables },
    ...options
  })
  return { home, packageManager: patient(manager) }
})

export const versionOf = (packageManager: Context.Tag.Service<PackageManager>) =>
  Effect.map(packageManager.version, (version) => PixiVersion.parse(`pixi ${version}`) ?? assert.fail("no version"))
