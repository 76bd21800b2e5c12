import { assert, describe, it } from "@effect/vitest"
import * as UvProgress from "../src/UvProgress.js"

const solved = { phase: "downloading", package: null, bytes: null } as const
const linking = { phase: "linking", package: null, bytes: null } as const
const downloading = (name: string, bytes: number | null) => ({ phase: "downloading", package: name, bytes }) as const

describe("UvProgress", () => {
  it.each([
    ["Resolved 5 packages in 19ms", solved],
    ["Resolved 1 package in 0.93ms", solved],
    ["Resolved 2 packages in 1m 02s", solved],
    ["Resolved in 1ms", solved],
    ["Downloading s3 (1.0MiB)", downloading("s3", 1024 * 1024)],
    ["Downloading bulky (2.9MiB)", downloading("bulky", 3040870)],
    ["Downloading small (512B)", downloading("small", 512)],
    ["Downloading small (12.5KiB)", downloading("small", 12800)],
    ["Downloading torch (2.3GiB)", downloading("torch", 2469606195)],
    ["Downloading s3", downloading("s3", null)],
    [
      "Downloading cpython-3.12.5-linux-x86_64-gnu (download) (32.1MiB)",
      downloading("cpython-3.12.5-linux-x86_64-gnu", 33659290)
    ],
    [" Downloaded s3", { ...downloading("s3", null), complete: true }],
    ["Using CPython 3.11.7 interpreter at: /usr/bin/python3", undefined],
    ["Resolved `ruff@latest` in a hurry", undefined],
    ["Prepared 4 packages in 12ms", linking],
    ["Installed 4 packages in 6ms", undefined],
    [" + s1==1.0", undefined],
    ["warning: Resolved 5 packages in 19ms", undefined],
    ["", undefined]
  ])("%s", (line, expected) => assert.deepStrictEqual(UvProgress.parse(line), expected))
})
