import * as Laws from "@darb/laws/Laws"
import { checkLaws, describeEach, Tried } from "@darb/laws/LiveSuite"
import { homeOf, onDisk, patient } from "@darb/laws/Subject"
import * as Platform from "@darb/package-manager/driver/Platform"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Pixi from "@darb/pixi/Pixi"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as Uv from "@darb/uv/Uv"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as PgClient from "@effect/sql-pg/PgClient"
import { describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { realpathSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Client from "../src/Client.js"
import * as Postgres from "./Postgres.js"
import { directory } from "./processes/Directory.js"
import type { RunnerProcessOptions } from "./processes/runner.js"
import { runner } from "./processes/Started.js"

/** All laws with DARB_TEST_ALL_LAWS; by default those that runners could break. Those of roots need one cluster for each. */
const some = new Set([
  "install-adds",
  "changes-agree-with-the-lists",
  "a-failing-install-changes-nothing",
  "a-program-ends-with-a-value",
  "interruption-changes-nothing",
  "one-environment-is-serial",
  "reads-do-not-wait",
  "events-name-their-operation"
])
const laws = process.env.DARB_TEST_ALL_LAWS ? Laws.all : Laws.all.filter(({ name }) => some.has(name))

interface Kind {
  readonly name: "pixi" | "uv"
  readonly capabilities: PackageManager["Type"]["capabilities"]
  readonly options: Uv.UvOptions & Pixi.PixiOptions
  readonly init: Laws.Subject["init"]
}

const uv = (executable: string) =>
  Effect.gen(function*() {
    const { environment } = yield* homeOf("uv")
    const index = yield* WheelDirectory.make(WheelDirectory.examples)
    const kind: Kind = {
      name: "uv",
      capabilities: Uv.capabilities,
      options: { executable, environment },
      init: { indexes: [index.url] }
    }
    return kind
  })

const pixi = (executable: string) =>
  Effect.gen(function*() {
    const { environment } = yield* homeOf("pixi")
    const channel = yield* CondaChannel.make(CondaChannel.examples)
    const kind: Kind = {
      name: "pixi",
      capabilities: Pixi.capabilities,
      options: { executable, environment, limit: "20 seconds" },
      init: { channels: [channel.url], platforms: [Platform.current()] }
    }
    return kind
  })

/** A client of two runners with a real manager. */
const subject = Effect.fnUntraced(function*(bin: string, { capabilities, init, name, options }: Kind) {
  const postgres = yield* Postgres.make(bin)
  const base = yield* directory
  const root = realpathSync(tmpdir())
  const given: RunnerProcessOptions = {
    url: postgres.url,
    root,
    records: join(base, "records"),
    log: join(base, "log"),
    duration: 0,
    driver: { name, options }
  }
  const start = Effect.flatMap(Postgres.freePort, (port) => runner({ ...given, port }))
  yield* Effect.all([start, start], { concurrency: 2 })
  const context = yield* Layer.build(
    Client.layer({ manager: { name, capabilities }, environmentsRoot: root, groups: ["127-0-0-1"] }).pipe(
      Layer.provide(PgClient.layer({ url: Redacted.make(postgres.url), maxConnections: 5 })),
      Layer.provide(NodeContext.layer)
    )
  )
  return Tried.of({
    ...yield* onDisk,
    name: `${name}, two runners`,
    manager: patient(Context.get(context, PackageManager)),
    init
  })
})

const bin = process.env.DARB_TEST_POSTGRES
if (bin === undefined || bin === "") {
  describe.skip("the laws need DARB_TEST_POSTGRES", () => it("laws", () => {}))
} else {
  for (const [variable, make] of Object.entries({ DARB_TEST_UV: uv, DARB_TEST_PIXI: pixi })) {
    describeEach(process.env, variable, (executable) => {
      const tried = Effect.flatMap(make(executable), (kind) => subject(bin, kind))
      checkLaws(laws, Layer.scoped(Tried, tried).pipe(Layer.provide(NodeContext.layer)), { timeout: "2 minutes" })
    })
  }
}
