/** A real pixi and a real uv to measure, with packages on disk, and a home and caches of their own. */
import { homeOf } from "@darb/laws/Subject"
import type { PackageManager } from "@darb/package-manager/PackageManager"
import * as Pixi from "@darb/pixi/Pixi"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as Uv from "@darb/uv/Uv"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"

export interface Tool {
  readonly executable: string
  /** The variables of its plain commands. */
  readonly environment: NodeJS.ProcessEnv
  readonly manager: Context.Tag.Service<PackageManager>
  /** The URL of the packages. */
  readonly channel: string
  /** A directory for environments. */
  readonly directory: string
}

/** The executables that a variable names, as paths separated by `:`. */
const executables = (variable: string) =>
  (process.env[variable] ?? "").split(":").filter((file) => file !== "" && existsSync(file))

/** What a person has in a terminal: some variables, such as those that name certificates, make the tools slower. */
const common = { ...process.env, NO_COLOR: "1" }

/** The last one of `DARB_TEST_PIXI`; `undefined` if there is none. */
export const pixi = Effect.gen(function*() {
  const executable = executables("DARB_TEST_PIXI").at(-1)
  if (executable === undefined) return undefined
  const { directory, environment } = yield* homeOf("pixi")
  const { url: channel } = yield* CondaChannel.make(CondaChannel.examples)
  const manager = yield* Pixi.make({ executable, environment })
  yield* manager.version
  const tool: Tool = { channel, directory, executable, environment: { ...common, ...environment }, manager }
  return tool
})

/** The first one of `DARB_TEST_UV`; `undefined` if there is none. */
export const uv = Effect.gen(function*() {
  const executable = executables("DARB_TEST_UV").at(0)
  if (executable === undefined) return undefined
  const { directory, environment: given } = yield* homeOf("uv")
  const { url: channel } = yield* WheelDirectory.make(WheelDirectory.examples)
  const environment = { ...given, UV_DEFAULT_INDEX: channel }
  const manager = yield* Uv.make({ executable, environment })
  yield* manager.version
  const tool: Tool = { channel, directory, executable, environment: { ...common, ...environment }, manager }
  return tool
})
