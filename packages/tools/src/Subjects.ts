/** The drivers as subjects of the laws. */
import type { Subject } from "@darb/laws/Law"
import { homeOf, onDisk, patient } from "@darb/laws/Subject"
import * as Platform from "@darb/package-manager/driver/Platform"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Pixi from "@darb/pixi/Pixi"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as Uv from "@darb/uv/Uv"
import type { PlatformError } from "@effect/platform/Error"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export interface ExecutableOptions {
  /** A path, or a name that is looked for on PATH. */
  readonly executable: string
  /** How long a command may take; 20 seconds by default. A pixi that is known to hang is tried again. */
  readonly limit?: Duration.DurationInput | undefined
}

type Made = Effect.fn.Return<Subject, PackageManagerError | PlatformError, Pixi.Requirements | Scope.Scope>

/** A real pixi, with a channel on disk, and a home and caches of its own. */
export const pixi = Effect.fnUntraced(function*({ executable, limit = "20 seconds" }: ExecutableOptions): Made {
  const { environment } = yield* homeOf("pixi")
  const channel = yield* CondaChannel.make(CondaChannel.examples)
  const options = { executable, limit, environment }
  const manager = yield* Pixi.make(options)
  const context = yield* Effect.context<Pixi.Requirements>()
  return {
    ...yield* onDisk,
    name: `pixi ${yield* manager.version}`,
    manager: patient(manager),
    rooted: (root) => Effect.map(Effect.provide(Pixi.make({ ...options, root }), context), patient),
    init: { channels: [channel.url], platforms: [Platform.current()] }
  }
})

/** A real uv, with an index on disk, a home and caches of its own, and the Python of this machine. */
export const uv = Effect.fnUntraced(function*({ executable, limit = "20 seconds" }: ExecutableOptions): Made {
  const { environment } = yield* homeOf("uv")
  const index = yield* WheelDirectory.make(WheelDirectory.examples)
  const options = { executable, limit, environment }
  const manager = yield* Uv.make(options)
  const context = yield* Effect.context<Uv.Requirements>()
  return {
    ...yield* onDisk,
    name: `uv ${yield* manager.version}`,
    manager,
    rooted: (root) => Effect.provide(Uv.make({ ...options, root }), context),
    init: { indexes: [index.url] }
  }
})
