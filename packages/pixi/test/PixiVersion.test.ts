import { assert, describe, it } from "@effect/vitest"
import * as PixiVersion from "../src/PixiVersion.js"

const capabilities = (text: string) => {
  const version = PixiVersion.parse(`pixi ${text}\n`)
  assert.isDefined(version)
  return version === undefined ? undefined : PixiVersion.capabilities(version)
}

describe("PixiVersion", () => {
  it("reads what pixi prints", () => {
    assert.deepStrictEqual(PixiVersion.parse("pixi 0.15.2\n"), { major: 0, minor: 15, patch: 2 })
    assert.deepStrictEqual(PixiVersion.parse("pixi 0.39.2-prerelease.0\n"), { major: 0, minor: 39, patch: 2 })
    assert.deepStrictEqual(PixiVersion.parse("pixi 0.33.0rc1\r\n"), { major: 0, minor: 33, patch: 0 })
    assert.deepStrictEqual(PixiVersion.parse("pixi 10.0.123"), { major: 10, minor: 0, patch: 123 })
  })

  it.each(["", "pixi", "pixi 1", "uv 0.13.9", "pixi: command not found", "0.15.2", "not pixi 0.15.2", "pixi 0.1.0\nx"])(
    "does not read %j",
    (text) => {
      assert.isUndefined(PixiVersion.parse(text))
    }
  )

  it("compares numbers, not text", () => {
    const version = { major: 0, minor: 41, patch: 4 }
    assert.isTrue(PixiVersion.atLeast(version, "0.41.4"))
    assert.isTrue(PixiVersion.atLeast(version, "0.5.10"))
    assert.isFalse(PixiVersion.atLeast(version, "0.41.10"))
    assert.isFalse(PixiVersion.atLeast(version, "1.0.0"))
    assert.isTrue(PixiVersion.atLeast({ major: 1, minor: 0, patch: 0 }, "0.77.0"))
  })

  it("is driven from 0.15.2 on", () => {
    assert.isUndefined(capabilities("0.15.1"))
    assert.isDefined(capabilities("0.15.2"))
    assert.isDefined(capabilities("2.0.0"))
  })

  it.each(
    [
      ["0.15.2", { initFormat: false, listUnchanged: "--frozen", update: false, lockFormat: 4 }],
      ["0.21.0", { initFormat: false, listUnchanged: "--frozen", update: false, lockFormat: 5 }],
      ["0.23.0", { initFormat: false, listUnchanged: "--frozen", update: true, lockFormat: 5 }],
      ["0.26.1", { initFormat: false, listUnchanged: "--frozen", update: true, lockFormat: 5 }],
      ["0.27.0", { initFormat: true, listUnchanged: "--no-lockfile-update", update: true, lockFormat: 5 }],
      ["0.29.0", { initFormat: true, listUnchanged: "--no-lockfile-update", update: true, lockFormat: 5 }],
      ["0.30.0", { initFormat: true, listUnchanged: "--frozen", update: true, lockFormat: 5 }],
      ["0.39.0", { initFormat: true, listUnchanged: "--frozen", update: true, lockFormat: 5 }],
      ["0.39.1", { initFormat: true, listUnchanged: "--frozen", update: true, lockFormat: 6 }],
      ["0.67.2", { initFormat: true, listUnchanged: "--frozen", update: true, lockFormat: 6 }],
      ["0.68.0", { initFormat: true, listUnchanged: "--frozen", update: true, lockFormat: 7 }],
      ["0.77.0", { initFormat: true, listUnchanged: "--frozen", update: true, lockFormat: 7 }]
    ] as const
  )("knows what %s can do", (version, expected) => {
    const found = capabilities(version)
    if (found === undefined) throw new Error("it is not driven")
    const { initFormat, listUnchanged, lockFormat, update } = found
    assert.deepStrictEqual({ initFormat, listUnchanged, update, lockFormat }, expected)
  })

  it.each(
    [
      ["0.15.2", [false, false, false, false]],
      ["0.21.0", [false, true, false, false]],
      ["0.23.0", [false, true, true, false]],
      ["0.41.0", [true, true, true, false]],
      ["0.70.2", [true, true, true, false]],
      ["0.71.0", [true, true, true, true]]
    ] as const
  )("knows which options of commands %s has", (version, expected) => {
    const found = capabilities(version)
    assert.deepStrictEqual(
      [found?.lock, found?.removeNoInstall, found?.removePlatforms, found?.platformNames],
      [...expected]
    )
  })
})
