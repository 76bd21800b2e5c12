import { assert, describe, it } from "@effect/vitest"
import * as PixiProgress from "../src/PixiProgress.js"

describe("PixiProgress", () => {
  it.each([
    [
      "0.15.2",
      "DEBUG validating{path=/c/pkgs/app-2.0-0}: rattler::package_cache: downloading file:///c/noarch/app-2.0-0.tar.bz2 to /p/app-2.0-0",
      { phase: "downloading", package: "app" }
    ],
    [
      "0.29.0",
      "DEBUG downloading http://127.0.0.1:80/noarch/my-pkg-2.0-py_0.conda to /p/my-pkg-2.0-py_0",
      { phase: "downloading", package: "my-pkg" }
    ],
    [
      "0.55.0",
      "DEBUG get_or_fetch_from_url_with_retry{url=http://h/noarch/a-1-0.conda}: downloading http://h/noarch/a-1-0.conda to /p",
      { phase: "downloading", package: "a" }
    ],
    [
      "0.77.0",
      " INFO resolved conda environment for environment 'default' 'linux-64' in 4ms 824us 515ns",
      { phase: "linking", package: null }
    ],
    ["0.41.4", " INFO Creating S3 middleware using {}", undefined],
    ["0.77.0", "DEBUG cache directory does not exist", undefined]
  ])("reads what %s logs", (_, line, expected) => {
    assert.isTrue(PixiProgress.isLogged(line))
    assert.deepStrictEqual(PixiProgress.parse(line), expected)
  })

  it("leaves alone what pixi says without being asked", () => {
    const said = [" WARN a", "Error:   × no", "✔ Added app", "ERROR b", "INFOrmation"]
    assert.isFalse(said.some(PixiProgress.isLogged))
    assert.strictEqual(
      PixiProgress.withoutLog([" INFO x", ...said, "DEBUG y", ""].join("\n")),
      [...said, ""].join("\n")
    )
  })
})
