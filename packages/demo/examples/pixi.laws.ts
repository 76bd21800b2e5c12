import { Laws, Subject } from "@darb/laws"
import { checkLaws, describeEach, Tried } from "@darb/laws/LiveSuite"
import { Pixi } from "@darb/pixi"
import { CondaChannel } from "@darb/testing"
import { NodeContext } from "@effect/platform-node"
import { Effect, Layer } from "effect"

describeEach(process.env, "DARB_TEST_PIXI", (executable) => {
  const tried = Effect.gen(function*() {
    const { environment } = yield* Subject.homeOf("pixi")
    const channel = yield* CondaChannel.make(CondaChannel.examples)
    const manager = yield* Pixi.make({ executable, environment })
    return { ...yield* Subject.onDisk, manager, init: { channels: [channel.url] } }
  })
  checkLaws(Laws.all, Layer.scoped(Tried, tried).pipe(Layer.provide(NodeContext.layer)))
})
