/** The real managers, with homes and caches of their own. */
import type { Subject } from "@darb/laws/Law"
import { homeOf } from "@darb/laws/Subject"
import * as Platform from "@darb/package-manager/driver/Platform"
import type { PackageManager } from "@darb/package-manager/PackageManager"
import * as Pixi from "@darb/pixi/Pixi"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as Uv from "@darb/uv/Uv"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"

export interface Kind {
  readonly name: "pixi" | "uv"
  readonly capabilities: PackageManager["Type"]["capabilities"]
  readonly options: Uv.UvOptions & Pixi.PixiOptions
  readonly init: Subject["init"]
  /** What all its processes have as their home. */
  readonly home: string
  readonly files: ReadonlyArray<string>
  /** The directory of the example packages, and the path of the index in it. */
  readonly packages: string
  readonly index: string
  /** How an environment is made whose packages come from an index. */
  readonly initAt: (index: string) => Subject["init"]
  /** The paths of archives. */
  readonly archive: RegExp
  /** Writes packages of which each version excludes those of the others: there are fewer holes than pigeons, or enough. */
  readonly pigeons: (directory: string, holes: number) => Effect.Effect<string>
}

/** So many that no solver finds out in time that they do not fit. */
export const pigeons = 13

const pigeonhole = (holes: number, spec: (name: string, excluded: string) => string) => {
  const names = Array.from({ length: pigeons }, (_, at) => `pigeon${at}`)
  const versions = Array.from({ length: holes }, (_, at) => `${at + 1}.0`)
  return [
    { name: "pigeons", version: "1.0", needs: names },
    ...names.flatMap((name) =>
      versions.map((version) => ({
        name,
        version,
        needs: names.filter((other) => other !== name).map((other) => spec(other, version))
      }))
    )
  ]
}

export const pixi = Effect.fnUntraced(function*(executable: string) {
  const { directory, environment } = yield* homeOf("pixi")
  const channel = yield* CondaChannel.make(CondaChannel.examples)
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const initAt = (url: string) => ({ channels: [url], platforms: [Platform.current()] })
  const kind: Kind = {
    name: "pixi",
    capabilities: Pixi.capabilities,
    options: { executable, environment, limit: "20 seconds" },
    init: initAt(channel.url),
    home: directory,
    files: ["pixi.toml", "pixi.lock"],
    packages: channel.directory,
    index: "",
    initAt,
    archive: /\.conda$/,
    pigeons: (directory, holes) =>
      CondaChannel.write(
        directory,
        pigeonhole(holes, (name, version) => `${name} !=${version}`).map(({ needs, ...rest }) => ({
          ...rest,
          depends: needs
        }))
      ).pipe(Effect.map(({ url }) => url), Effect.provide(context), Effect.orDie)
  }
  return kind
})

export const uv = Effect.fnUntraced(function*(executable: string) {
  const { directory, environment } = yield* homeOf("uv")
  const index = yield* WheelDirectory.make(WheelDirectory.examples)
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const initAt = (url: string) => ({ indexes: [url] })
  const kind: Kind = {
    name: "uv",
    capabilities: Uv.capabilities,
    options: { executable, environment },
    init: initAt(index.url),
    home: directory,
    files: ["pyproject.toml", "uv.lock"],
    packages: index.directory,
    index: "/simple",
    initAt,
    archive: /\.whl$/,
    pigeons: (directory, holes) =>
      WheelDirectory.write(
        directory,
        pigeonhole(holes, (name, version) => `${name}!=${version}`).map(({ needs, ...rest }) => ({
          ...rest,
          requires: needs
        }))
      ).pipe(Effect.map(({ url }) => url), Effect.provide(context), Effect.orDie)
  }
  return kind
})
