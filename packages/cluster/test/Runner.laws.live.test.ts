import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Laws from "@darb/testing/Laws"
import { checkLaws, describeEach, Tried } from "@darb/testing/LiveSuite"
import { onDisk, patient } from "@darb/testing/Subject"
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
import * as Kinds from "./processes/Kinds.js"
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

/** A client of two runners with a real manager. */
const subject = Effect.fnUntraced(function*(bin: string, { capabilities, init, name, options }: Kinds.Kind) {
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
    Client.layer({ manager: { name, capabilities }, environmentsRoot: root }).pipe(
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
  for (const [variable, make] of Object.entries({ DARB_TEST_UV: Kinds.uv, DARB_TEST_PIXI: Kinds.pixi })) {
    describeEach(process.env, variable, (executable) => {
      const tried = Effect.flatMap(make(executable), (kind) => subject(bin, kind))
      checkLaws(laws, Layer.scoped(Tried, tried).pipe(Layer.provide(NodeContext.layer)), { timeout: "2 minutes" })
    })
  }
}
