/** Makes the bundle of the program from the compiled packages, if they are newer. */
import { build } from "esbuild"
import { execFileSync } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { bundle, isCurrent } from "./bin/bundle.js"

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

const makeBundle = () =>
  build({
    entryPoints: [at("dist/main.js")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
    // A native addon.
    external: ["fs-native-extensions"],
    supported: { "dynamic-import": false },
    charset: "utf8",
    banner: { js: "(module, require) => {" },
    footer: { js: "}" }
  })

/** Runs an operation on a stand-in for pixi, so that the code that all operations need is compiled. */
const makeCodeCache = () => {
  const directory = mkdtempSync(join(tmpdir(), "darb-build-"))
  try {
    const pixi = join(directory, "pixi")
    writeFileSync(pixi, "#!/bin/sh\n[ \"$1\" = --version ] && echo pixi 0.41.4 || echo '[]'\n")
    chmodSync(pixi, 0o755)
    writeFileSync(join(directory, "pixi.toml"), `[project]\nname = "a"\nchannels = []\nplatforms = ["linux-64"]\n`)
    execFileSync(process.execPath, [at("bin/darb.js"), "list", directory, "--manager", "pixi", "--executable", pixi], {
      cwd: directory,
      env: { ...process.env, DARB_CODE_CACHE: "write" },
      stdio: "pipe"
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Vitest calls this before the tests. */
export const setup = async () => {
  if (isCurrent()) return
  await makeBundle()
  makeCodeCache()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setup()
