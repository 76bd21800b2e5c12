/** The standard input of this process. */
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Stream from "effect/Stream"
import { stdin } from "node:process"

/** It is closed when it is no longer read, since it would keep the process alive. What cannot be read has ended. */
export const stream: Stream.Stream<Uint8Array> = Stream.catchAll(
  NodeStream.fromReadable<unknown, Uint8Array>(() => stdin, (error) => error),
  () => Stream.empty
)
