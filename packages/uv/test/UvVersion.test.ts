import { assert, describe, it } from "@effect/vitest"
import * as UvVersion from "../src/UvVersion.js"

const parsed = (text: string) => {
  const version = UvVersion.parse(text)
  return version && UvVersion.format(version)
}

describe("UvVersion", () => {
  it("reads what all uvs print", () => {
    assert.strictEqual(parsed("uv 0.13.9 (x86_64-unknown-linux-gnu)\n"), "0.13.9")
    assert.strictEqual(parsed("uv 0.9.20 (765a96723 2025-12-29)\n"), "0.9.20")
    assert.strictEqual(parsed("uv 0.12.5 (abc 2026-08-14 x86_64-unknown-linux-musl)"), "0.12.5")
    assert.strictEqual(parsed("uv 0.14.0+3 (abc)\n"), "0.14.0")
    assert.strictEqual(parsed("uv 1.0.0-rc.1\n"), "1.0.0")
    assert.strictEqual(parsed("uv 0.10.0"), "0.10.0")
  })

  it("takes nothing else for a uv", () => {
    for (const text of ["", "uv", "uv 1.2", "pixi 0.77.0\n", "demo 0.1.0\n", "uv 0.13.9\nand more", "xuv 0.13.9"]) {
      assert.isUndefined(parsed(text), text)
    }
  })

  it("supports the oldest and what is newer", () => {
    const isSupported = (major: number, minor: number, patch: number) => UvVersion.isSupported({ major, minor, patch })
    assert.deepStrictEqual(
      [
        isSupported(0, 9, 20),
        isSupported(0, 9, 19),
        isSupported(0, 8, 99),
        isSupported(0, 10, 0),
        isSupported(1, 0, 0)
      ],
      [true, false, false, true, true]
    )
  })
})
