/** An application that runs a program until it is killed. Prints the pid of the program. */
import { makeOrphanProcesses } from "@darb/package-manager/driver/process/OrphanProcesses"
import { makePrograms } from "@darb/package-manager/driver/Programs"
import { makeRunRecords } from "@darb/package-manager/driver/transaction/RunRecords"
import * as Output from "@darb/package-manager/Output"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Effect from "effect/Effect"

const environment = process.argv[2]

const main = Effect.gen(function*() {
  const orphans = yield* makeOrphanProcesses
  const programs = yield* makePrograms({}, orphans, yield* makeRunRecords(orphans))
  const operation = { manager: "test", operation: "run", environment, marker: crypto.randomUUID() }
  const activation = { environment, prefix: environment, path: [], set: {}, unset: [], scripts: [] }
  const command = ["sh", "-c", "setsid sh -c 'echo $$; exec sleep 1000' & wait"]
  yield* Output.observe(
    programs.run(operation, { path: environment, command }, activation),
    (event) => Effect.sync(() => event._tag === "Output" && process.stdout.write(`${event.line}\n`))
  )
})

Effect.runPromise(Effect.provide(main, NodeContext.layer))
