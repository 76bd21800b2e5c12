import type { Step } from "@darb/package-manager/driver/executable/ExecutableDescription"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as PixiProgress from "../src/PixiProgress.js"

describe("PixiProgress", () => {
  it.each<readonly [version: string, line: string, expected: Step | undefined]>([
    [
      "0.15.2",
      "DEBUG validating{path=/c/pkgs/app-2.0-0}: rattler::package_cache: downloading file:///c/noarch/app-2.0-0.tar.bz2 to /p/app-2.0-0",
      { phase: "downloading", package: "app", archive: "app-2.0-0.tar.bz2", bytes: null }
    ],
    [
      "0.29.0",
      "DEBUG downloading http://127.0.0.1:80/noarch/my-pkg-2.0-py_0.conda to /p/my-pkg-2.0-py_0",
      { phase: "downloading", package: "my-pkg", archive: "my-pkg-2.0-py_0.conda", bytes: null }
    ],
    [
      "0.55.0",
      "DEBUG get_or_fetch_from_url_with_retry{url=http://h/noarch/a-1-0.conda}: downloading http://h/noarch/a-1-0.conda to /p",
      { phase: "downloading", package: "a", archive: "a-1-0.conda", bytes: null }
    ],
    [
      "0.77.0",
      " INFO resolved conda environment for environment 'default' 'linux-64' in 4ms 824us 515ns",
      { phase: "downloading", package: null, archive: null, bytes: null }
    ],
    ["0.41.4", " INFO Creating S3 middleware using {}", undefined],
    ["0.77.0", "DEBUG cache directory does not exist", undefined]
  ])("reads what %s logs", (_, line, expected) => {
    assert.isTrue(PixiProgress.isLogged(line))
    assert.deepStrictEqual(PixiProgress.parse(line), expected)
  })

  it("knows which commands change the prefix", () => {
    assert.isTrue(PixiProgress.installs(["add", "--manifest-path", "/m", "--", "x"]))
    assert.isFalse(PixiProgress.installs(["add", "--manifest-path", "/m", "--no-install", "--", "x"]))
    assert.isFalse(PixiProgress.installs(["lock", "--manifest-path", "/m"]))
  })

  it("leaves alone what pixi says without being asked", () => {
    const said = [" WARN a", "Error:   × no", "✔ Added app", "ERROR b", "INFOrmation"]
    assert.isFalse(said.some(PixiProgress.isLogged))
  })

  it.effect("knows the sizes of archives from the lock file, if it can be read", () =>
    Effect.gen(function*() {
      const lock = [
        "version: 6",
        "environments:",
        "  default:",
        "    channels:",
        "    - url: https://c/",
        "    packages:",
        "      linux-64:",
        "      - conda: https://c/noarch/app-2.0-0.conda",
        "packages:",
        "- conda: https://c/noarch/app-2.0-0.conda",
        "  sha256: 33d2a58a22dc1ba71d3cd76c1e46dcc8e3a8a6e6c1a7b0e7ab9ae9a2b6a5a6f5",
        "  size: 471",
        ""
      ].join("\n")
      assert.deepStrictEqual(yield* PixiProgress.sizes(lock), new Map([["app-2.0-0.conda", 471]]))
      assert.deepStrictEqual(yield* PixiProgress.sizes(lock.slice(0, 80)), new Map())
      assert.deepStrictEqual(yield* PixiProgress.sizes(""), new Map())
    }))
})
