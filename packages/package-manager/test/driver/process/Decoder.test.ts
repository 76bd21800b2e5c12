/** Compares the decoder with that of the platform, whatever the chunks are. */
import { assert, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { makeDecoder } from "../../../src/driver/process/Decoder.js"

const expected = (chunks: ReadonlyArray<Uint8Array>): string => {
  const decoder = new TextDecoder()
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode()
}

const actual = (chunks: ReadonlyArray<Uint8Array>): string => {
  const decode = makeDecoder()
  return chunks.map((chunk) => decode(chunk)).join("") + decode()
}

/** Bytes that begin, continue and break characters. */
const byte = FastCheck.constantFrom(0x41, 0x0a, 0x80, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xf0, 0x9f, 0x98, 0xff)

it.prop(
  "bytes in chunks, of characters and not, become the same text",
  [FastCheck.array(FastCheck.uint8Array({ maxLength: 5 })), FastCheck.array(FastCheck.array(byte, { maxLength: 4 }))],
  ([any, likely]) => {
    for (const chunks of [any, likely.map((bytes) => Uint8Array.from(bytes))]) {
      assert.strictEqual(actual(chunks), expected(chunks))
    }
  },
  { fastCheck: { numRuns: 2000 } }
)

it("a byte order mark is removed at the start only", () => {
  const mark = [0xef, 0xbb, 0xbf]
  for (const chunks of [[[...mark, 0x41, ...mark]], [[0xef], [0xbb], [0xbf, 0x41], mark]]) {
    const bytes = chunks.map((chunk) => Uint8Array.from(chunk))
    assert.strictEqual(actual(bytes), expected(bytes))
    assert.strictEqual(actual(bytes), "A\ufeff")
  }
})
