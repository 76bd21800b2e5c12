import { directoryWith } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as PixiLock from "../../src/lock/PixiLock.js"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"
import type { Lock, Workspace } from "../../src/operation/PixiFiles.js"
import { toLink, withTotals } from "../../src/operation/PixiTotals.js"
import * as PixiPrefix from "../../src/prefix/PixiPrefix.js"
import { platform } from "../fixtures.js"

const bytes = new TextEncoder().encode(
  `[workspace]\nname = "x"\nchannels = []\nplatforms = ["${platform}"]\n[environments]\nother = []\n`
)

const workspace: Workspace = {
  manager: "pixi",
  operation: "install",
  environment: "/env",
  marker: "m",
  manifest: "/env/pixi.toml",
  lock: "/env/pixi.lock",
  fileName: "pixi.toml",
  document: Effect.runSync(PixiManifest.document({ bytes, fileName: "pixi.toml" })),
  decoded: Effect.runSync(
    PixiManifest.read({ bytes, file: "/env/pixi.toml", fileName: "pixi.toml", directoryName: "env" })
  ).manifest
}

const lock = Effect.map(
  PixiLock.read([
    "version: 6",
    "environments:",
    "  default:",
    "    channels:",
    "    - url: https://c/",
    "    packages:",
    `      ${platform}:`,
    "      - conda: https://c/noarch/my-app-1.0-h1_0.conda",
    `      - conda: https://c/${platform}/lib-1.0-0.tar.bz2`,
    "      - pypi: https://p/Some_Wheel-2.0-py3-none-any.whl",
    "      win-arm64:",
    "      - conda: https://c/win-arm64/lib-1.0-0.conda",
    "  other:",
    "    channels:",
    "    - url: https://c/",
    "    packages:",
    `      ${platform}:`,
    "      - conda: https://c/noarch/my-app-2.0-0.conda",
    "packages:",
    "- conda: https://c/noarch/my-app-1.0-h1_0.conda",
    "  size: 10",
    "- conda: https://c/noarch/my-app-2.0-0.conda",
    "  size: 3000",
    `- conda: https://c/${platform}/lib-1.0-0.tar.bz2`,
    "  size: 200",
    "- conda: https://c/win-arm64/lib-1.0-0.conda",
    "  size: 9999",
    "- pypi: https://p/Some_Wheel-2.0-py3-none-any.whl",
    "  name: Some_Wheel",
    "  version: '2.0'",
    ""
  ].join("\n")),
  (read): Lock => ({ text: "", ...read })
)

const app = { kind: "conda", name: "my-app", version: "1.0", build: "h1_0" }
const lib = { kind: "conda", name: "lib", version: "1.0", build: "0" }
const wheel = { kind: "pypi", name: "some-wheel", version: "2.0", build: null }

describe("PixiTotals", () => {
  it.effect("the packages to install are those of the environment and this machine; a wheel has no size", () =>
    Effect.gen(function*() {
      const missing = toLink(workspace, yield* lock)
      assert.deepStrictEqual(Object.fromEntries(missing([])), {
        "lib": { archive: "lib-1.0-0", size: 200 },
        "my-app": { archive: "my-app-1.0-h1_0", size: 10 },
        "some-wheel": { size: null, archive: null }
      })
      assert.deepStrictEqual([...missing([app, { ...lib, build: "1" }, wheel]).keys()], ["lib"])
      assert.strictEqual(missing([app, lib, wheel]).size, 0)
      const other = toLink({ ...workspace, selected: "other" }, yield* lock)
      assert.deepStrictEqual([...other([app]).values()], [{ archive: "my-app-2.0-0", size: 3000 }])
    }))

  it.scoped("names of files say what is installed", () =>
    Effect.gen(function*() {
      const directory = yield* directoryWith({
        "conda-meta/my-app-1.0-h1_0.json": "",
        "conda-meta/lib-1.0-0.json": "not read",
        "conda-meta/history": "",
        "conda-meta/pixi": "",
        "lib/python3.12/site-packages/some_wheel-2.0.dist-info/METADATA": "Name: some_wheel\nVersion: 2.0\n",
        "lib/python3.12/site-packages/some_wheel-2.0.dist-info/INSTALLER": "uv-pixi",
        "lib/python3.12/site-packages/other.dist-info/METADATA": ""
      })
      const { totals: { linked } } = yield* withTotals({
        working: () => Effect.orDie(Effect.provide(PixiPrefix.open(directory), NodeContext.layer))
      }, {})
      assert.sameDeepMembers([...yield* linked(workspace)], [app, lib, wheel])
      const absent = yield* withTotals({ working: () => Effect.succeed(undefined) }, {})
      assert.deepStrictEqual(yield* absent.totals.linked(workspace), [])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("archives are in the cache that variables name, or in the default one if it is sure to be that", () =>
    Effect.gen(function*() {
      const home = yield* directoryWith({
        "a/pkgs/app-1-0/info": "",
        "b/pkgs/lib-1-0/info": "",
        ".cache/rattler/cache/pkgs/greet-1-0/info": "",
        "moved/.pixi/pkgs/app-1-0/info": "",
        "moved/rattler/cache/pkgs/greet-1-0/info": ""
      })
      const expected: ReadonlyArray<readonly [Readonly<Record<string, string>>, ReadonlyArray<string>]> = [
        [{ PIXI_CACHE_DIR: `${home}/a`, RATTLER_CACHE_DIR: `${home}/b` }, ["app-1-0"]],
        [{ HOME: home, RATTLER_CACHE_DIR: "b" }, ["lib-1-0"]],
        [{ HOME: home }, ["greet-1-0"]],
        [{ HOME: home, XDG_CACHE_HOME: `${home}/moved` }, []],
        [{ HOME: home, PIXI_CACHE_CONDA_PACKAGES_DIR: `${home}/a` }, []],
        [{ PIXI_CACHE_DIR: `${home}/none` }, []],
        [{}, []]
      ]
      for (const [variables, names] of expected) {
        const { totals: { cached } } = yield* withTotals({ working: () => Effect.succeed(undefined) }, variables)
        assert.deepStrictEqual([...yield* cached({ ...workspace, environment: home })], names)
      }
    }).pipe(Effect.provide(NodeContext.layer)))
})
