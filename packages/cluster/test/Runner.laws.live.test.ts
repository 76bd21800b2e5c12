import * as Laws from "@darb/laws/Laws"
import { checkLaws, describeEach, Tried } from "@darb/laws/LiveSuite"
import { onDisk, patient } from "@darb/laws/Subject"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as PgClient from "@effect/sql-pg/PgClient"
import { describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { realpathSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Client from "../src/Client.js"
import * as Postgres from "./Postgres.js"
import { directory } from "./processes/Directory.js"
import * as Kinds from "./processes/Kinds.js"
import type { RunnerProcessOptions } from "./processes/runner.js"
import { runner } from "./processes/Started.js"

/** All laws with DARB_TEST_ALL_LAWS; by default those that runners could break. */
const some = new Set([
  "install-adds",
  "changes-agree-with-the-lists",
  "a-failing-install-changes-nothing",
  "a-program-ends-with-a-value",
  "a-program-has-the-activated-environment",
  "a-program-that-is-not-there",
  "an-interrupted-program-ends",
  "paths-that-are-none",
  "interruption-changes-nothing",
  "one-environment-is-serial",
  "reads-do-not-wait",
  "events-name-their-operation",
  "destroy-waits-for-a-change",
  "environments-are-those-that-were-made"
])
const laws = process.env.DARB_TEST_ALL_LAWS
  ? [...Laws.all, Laws.propertyLaw({ seed: 15, runs: 3, maxCommands: 6 })]
  : Laws.all.filter(({ name }) => some.has(name))

/** A client of two runners with a real manager, on a database of their own. The manager may have a root, too. */
const cluster = Effect.fnUntraced(function*(
  url: string,
  environmentsRoot: string,
  { capabilities, name, options }: Kinds.Kind,
  root?: string
) {
  const base = yield* directory
  const given: RunnerProcessOptions = {
    url,
    root: environmentsRoot,
    records: join(base, "records"),
    log: join(base, "log"),
    duration: 0,
    driver: { name, options: { ...options, root } }
  }
  const start = Effect.flatMap(Postgres.freePort, (port) => runner({ ...given, port }))
  yield* Effect.all([start, start], { concurrency: 2 })
  const context = yield* Layer.build(
    Client.layer({ manager: { name, capabilities }, environmentsRoot, groups: ["127-0-0-1"] }).pipe(
      Layer.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 5 })),
      Layer.provide(NodeContext.layer)
    )
  )
  return patient(Context.get(context, PackageManager))
})

const subject = Effect.fnUntraced(function*(bin: string, kind: Kinds.Kind) {
  const scope = yield* Effect.scope
  const postgres = yield* Postgres.make(bin)
  return Tried.of({
    ...yield* onDisk,
    name: `${kind.name}, two runners`,
    manager: yield* cluster(postgres.url, realpathSync(tmpdir()), kind),
    init: kind.init,
    rooted: (root) =>
      postgres.newDatabase.pipe(
        Effect.flatMap((url) => cluster(url, root, kind, root)),
        Effect.provideService(Scope.Scope, scope),
        Effect.orDie
      )
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
