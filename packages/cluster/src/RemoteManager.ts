/**
 * The operations that are not jobs, on the runners of their environments.
 *
 * @module
 * @since 0.1.0
 */
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import * as Output from "@darb/package-manager/Output"
import type { PackageManager, RunOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import type { Direct } from "./ClusterManager.js"
import { JobId } from "./Job.js"
import { type JobsUnavailable, ProgramLost } from "./JobError.js"
import { available, type JobsClient, unlessStopped } from "./JobsClient.js"
import type { Read, ReadResult } from "./OperationSchema.js"

type Manager = PackageManager["Type"]
type Name = Read["operation"]

/** What a program reads is sent at once. */
const maxInput = 8 * 1024 * 1024

const none: Errors.Evidence = { command: [], exitCode: null, signal: null, stdout: "", stderr: "" }

/**
 * `local` tells its name and version, and the environments of this host.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  local: Pick<Direct, "name" | "capabilities" | "version" | "environments">,
  { clientOf, follow, locate }: JobsClient
): Direct => {
  const about = (operation: Operation["operation"], path: string): Operation => ({
    manager: local.name,
    operation,
    environment: path,
    marker: ""
  })

  const unavailable = (operation: Operation) => ({ reason }: JobsUnavailable) =>
    new Errors.StorageFailed({ ...contextOf(operation), file: null, reason: `the jobs are not available: ${reason}` })

  const read = <N extends Name>(operation: N) =>
    Effect.fn(`Cluster.${operation}`)(function*(options: Parameters<Manager[N]>[0]) {
      const { entityId, environment, path } = yield* locate(operation, options)
      const read = { operation, options: { ...options, path: environment } } as unknown as Read
      const result = yield* available(clientOf(entityId).Read({ read })).pipe(
        Effect.catchTag("JobsUnavailable", unavailable(about(operation, path)))
      )
      return (result as Extract<ReadResult, { readonly operation: N }>).value as Effect.Effect.Success<
        ReturnType<Manager[N]>
      >
    }, Effect.mapError((error) => error as Effect.Effect.Error<ReturnType<Manager[N]>>))

  /** The bytes that the program reads, in Base64. */
  const inputOf = Effect.fnUntraced(function*(operation: Operation, { stdin = "" }: RunOptions) {
    if (typeof stdin === "string") return Encoding.encodeBase64(stdin)
    const chunks = yield* Stream.runCollect(stdin)
    const bytes = new Uint8Array(Chunk.reduce(chunks, 0, (total, { length }) => total + length))
    if (bytes.length > maxInput) {
      const reason = `a program on another runner reads at most ${maxInput} bytes`
      return yield* refuse(operation, "stdin", `${bytes.length} bytes`, reason)
    }
    let at = 0
    for (const chunk of chunks) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    return Encoding.encodeBase64(bytes)
  })

  const run = Effect.fn("Cluster.run")(function*(options: RunOptions) {
    const { entityId, environment, path } = yield* locate("run", options)
    const operation = about("run", path)
    if (options.stdio === "inherit") {
      return yield* options.output === undefined
        ? refuse(operation, "stdio", "inherit", "the program runs on another runner, which has no such terminal")
        : refuse(operation, "output", options.output, "with `stdio: \"inherit\"` there is no output to observe")
    }
    const client = clientOf(entityId)
    const id = JobId.make(`${entityId}.run-${globalThis.crypto.randomUUID()}`)
    const observe = yield* Output.Observer
    const { stdin: _, stdio: __, ...rest } = options
    const input = yield* inputOf(operation, options)
    const lost = (reason: string) => new Errors.CommandFailed({ ...contextOf(operation), evidence: none, reason })
    const { instance } = yield* Effect.mapError(available(client.Ping()), unavailable(operation))
    const program = available(unlessStopped(
      client.Program({
        id,
        instance,
        observed: observe !== Output.nobody,
        options: { ...rest, path: environment },
        input
      }),
      () => new ProgramLost()
    ))
    const ended = Effect.gen(function*() {
      const fiber = yield* Effect.fork(program)
      if (observe !== Output.nobody) {
        // Ends with the program, or when it never starts.
        const failed = Effect.andThen(Effect.ignore(Fiber.join(fiber)), Effect.sleep("2 seconds"))
        yield* Effect.raceFirst(
          follow(id, 0).pipe(Stream.runForEach(({ event }) => observe(event)), Effect.ignore),
          failed
        )
      }
      return yield* Fiber.join(fiber)
    })
    // The cluster would end it too, but nobody would know when.
    return yield* Effect.onInterrupt(ended, () => Effect.ignore(available(client.EndProgram({ id })))).pipe(
      Effect.catchTags({
        JobsUnavailable: unavailable(operation),
        ProgramLost: ({ message }) => lost(message)
      })
    )
  }, Effect.mapError((error) => error as Effect.Effect.Error<ReturnType<Manager["run"]>>))

  return {
    ...local,
    run,
    list: read("list"),
    status: read("status"),
    getManifest: read("getManifest"),
    activation: read("activation")
  }
}
