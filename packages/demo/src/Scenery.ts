/** The parts of the story that depend on the manager: where packages come from, and an option that it does not have. */
import type { InitOptions, Place } from "@darb/package-manager/PackageManager"
import * as CondaChannel from "@darb/testing/CondaChannel"
import type * as FileServer from "@darb/testing/FileServer"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import type { PlatformError } from "@effect/platform/Error"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as HttpServer from "@effect/platform/HttpServer"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** A package that can be built for every manager. */
export interface StoryPackage {
  readonly name: string
  readonly version: string
  /** The names of its dependencies. */
  readonly needs?: ReadonlyArray<string> | undefined
  /** The number of extra bytes in its archive. */
  readonly padding?: number | undefined
}

/** Serves the published packages; the download of `bulky` stalls. */
export type Serve = Effect.Effect<
  FileServer.Served,
  never,
  HttpServer.HttpServer | FileSystem.FileSystem | Path.Path | Scope.Scope
>

export interface Scenery {
  /** Where packages come from, and the option of `init` that names it. */
  readonly place: string
  readonly option: string
  readonly from: (url: string) => Pick<InitOptions, "channels" | "indexes">
  /** Writes packages to a directory that can be served. */
  readonly publish: (
    directory: string,
    packages: ReadonlyArray<StoryPackage>
  ) => Effect.Effect<Serve, PlatformError, FileSystem.FileSystem | Path.Path>
  /** An option of `install` that only other managers have. */
  readonly foreign: keyof Place
}

const pixi: Scenery = {
  place: "channel",
  option: "channels",
  from: (url) => ({ channels: [url] }),
  publish: (directory, packages) =>
    CondaChannel.write(directory, packages.map(({ needs, ...rest }) => ({ ...rest, depends: needs }))).pipe(
      Effect.map((channel) => CondaChannel.serve(channel, { stall: /bulky.*\.conda$/ }))
    ),
  foreign: "group"
}

const uv: Scenery = {
  place: "index",
  option: "indexes",
  from: (url) => ({ indexes: [url] }),
  publish: (directory, packages) =>
    WheelDirectory.write(directory, packages.map(({ needs, ...rest }) => ({ ...rest, requires: needs }))).pipe(
      // The index page and the metadata do not stall.
      Effect.map((index) => WheelDirectory.serve(index, { stall: /bulky.*\.whl$/ }))
    ),
  foreign: "feature"
}

/** The scenery of a manager, by its name. */
export const of = (manager: string): Scenery => manager === "uv" ? uv : pixi
