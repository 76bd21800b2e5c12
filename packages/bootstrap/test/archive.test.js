// @ts-check
import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "vitest"
import { onlyFile } from "../src/archive.js"
import { makeArchive } from "./support.js"

describe("archive", () => {
  it("holds one file", () => {
    const tar = gunzipSync(makeArchive(["pixi"]))
    assert.strictEqual(String(onlyFile(tar)), "#!/bin/sh\necho pixi 9.9.9\n")
  })

  it("holds one file after an extended header", () => {
    const tar = gunzipSync(makeArchive([`${"long".repeat(30)}/pixi`]))
    assert.strictEqual(String(onlyFile(tar)), "#!/bin/sh\necho pixi 9.9.9\n")
  })

  it("that holds more files is refused", () => {
    const tar = gunzipSync(makeArchive(["pixi", "pixi-too"]))
    assert.throws(() => onlyFile(tar), "the archive holds 2 files, not one")
  })

  it("that is truncated is refused", () => {
    const tar = gunzipSync(makeArchive(["pixi"]))
    assert.throws(() => onlyFile(tar.subarray(0, 520)), "the archive is truncated")
  })
})
