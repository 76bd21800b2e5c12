/** Subjects of the laws whose changes are durable jobs. */
import * as Embedded from "@darb/cluster/Embedded"
import { Jobs } from "@darb/cluster/Jobs"
import type { Subject } from "@darb/laws/Law"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

/** Makes the changes of a manager jobs of this process, in a temporary database. */
export const embed = Effect.fnUntraced(function*(local: PackageManager["Type"], environmentsRoot: string) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* Effect.orDie(fs.makeTempDirectoryScoped({ prefix: "darb-jobs-" }))
  const context = yield* Layer.build(
    Embedded.layer({ filename: `${directory}/jobs.db`, environmentsRoot }).pipe(
      Layer.provide(Layer.succeed(PackageManager, local)),
      Layer.provide(NodeContext.layer),
      Layer.orDie
    )
  )
  return { jobs: Context.get(context, Jobs), manager: Context.get(context, PackageManager) }
})

/** The same subject through jobs. `environmentsRoot` contains the directories that it makes. */
export const durable = Effect.fnUntraced(function*(subject: Subject, environmentsRoot: string) {
  const context = yield* Effect.context<Scope.Scope | FileSystem.FileSystem>()
  const { rooted } = subject
  const { manager } = yield* embed(subject.manager, environmentsRoot)
  const durable: Subject = {
    ...subject,
    name: `${subject.name ?? subject.manager.name}, jobs`,
    manager,
    rooted: rooted && ((root) =>
      Effect.flatMap(rooted(root), (local) => embed(local, root)).pipe(
        Effect.map(({ manager }) => manager),
        Effect.provide(context)
      ))
  }
  return durable
})
