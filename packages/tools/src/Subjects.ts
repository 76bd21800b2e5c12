/** The drivers as subjects of the laws. */
import * as Platform from "@darb/package-manager/driver/Platform"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Pixi from "@darb/pixi/Pixi"
import * as CondaChannel from "@darb/testing/CondaChannel"
import type { Subject } from "@darb/testing/Law"
import { home, onDisk, patient } from "@darb/testing/Subject"
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
  const { directory, variables } = yield* home
  const channel = yield* CondaChannel.make(CondaChannel.examples)
  const options = {
    executable,
    limit,
    environment: { ...variables, PIXI_HOME: `${directory}/pixi`, PIXI_CACHE_DIR: `${directory}/cache/pixi` }
  }
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
  const { directory, variables } = yield* home
  const index = yield* WheelDirectory.make(WheelDirectory.examples)
  const options = {
    executable,
    limit,
    environment: {
      ...variables,
      XDG_DATA_HOME: `${directory}/data`,
      UV_CACHE_DIR: `${directory}/cache/uv`,
      // It leaves a lock there for each project.
      TMPDIR: directory,
      UV_PYTHON_INSTALL_DIR: `${directory}/python`,
      UV_PYTHON_DOWNLOADS: "never",
      UV_NO_SYSTEM_CONFIG: "1"
    }
  }
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
