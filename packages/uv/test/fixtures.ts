/** What the tests of this driver share. */
import * as Scripted from "@darb/testing/Scripted"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Layer from "effect/Layer"
import * as Uv from "../src/Uv.js"

/** A uv that starts no process, on the real file system. */
export const scripted = (version: string, script: Scripted.Script, options?: Uv.UvOptions) =>
  Uv.layer(options).pipe(
    Layer.provideMerge(Scripted.layer(`uv ${version} (x86_64-unknown-linux-gnu)`, script)),
    Layer.provideMerge(NodeContext.layer)
  )
