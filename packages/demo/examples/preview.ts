import { PackageManager, PackageManagerError, PublicError } from "@darb/package-manager"
import { Effect } from "effect"

const answer = (status: number, error: PackageManagerError.PackageManagerError) =>
  Effect.succeed({ status, body: PublicError.of(error, { environment: "analysis" }) })

/** What a server answers before it installs packages: the changes that it would make, or why it cannot. */
export const preview = (path: string, packages: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const packageManager = yield* PackageManager
    const { added, changed, removed } = yield* packageManager.install({ path, packages, dryRun: true })
    return { status: 200, body: { added, changed, removed } }
  }).pipe(
    Effect.catchTags({
      EnvironmentNotFound: (error) => answer(404, error),
      InvalidSpec: (error) => answer(400, error),
      PackageNotFound: (error) => answer(422, error),
      Unsolvable: (error) => answer(422, error)
    }),
    Effect.catchAll((error) => answer(PackageManagerError.isRetryable(error) ? 503 : 500, error))
  )
