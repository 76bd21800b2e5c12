/** What of the story depends on the manager: where its packages come from, and what it has no option for. */
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

/** A package that there can be for every manager. */
export interface StoryPackage {
  readonly name: string
  readonly version: string
  /** Names of others. */
  readonly needs?: ReadonlyArray<string> | undefined
  /** Bytes that make its download long. */
  readonly padding?: number | undefined
}

/** Serves what was published; the download of `bulky` does not end. */
export type Serve = Effect.Effect<
  FileServer.Served,
  never,
  HttpServer.HttpServer | FileSystem.FileSystem | Path.Path | Scope.Scope
>

export interface Scenery {
  /** What packages come from, and the option of `init` that names it. */
  readonly place: string
  readonly option: string
  readonly from: (url: string) => Pick<InitOptions, "channels" | "indexes">
  /** Writes packages to where they come from. */
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
      // Its page and its metadata come whole.
      Effect.map((index) => WheelDirectory.serve(index, { stall: /bulky.*\.whl$/ }))
    ),
  foreign: "feature"
}

/** For a manager by its name. */
export const of = (manager: string): Scenery => manager === "uv" ? uv : pixi
