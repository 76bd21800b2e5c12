/** Compiles the examples in doc comments, and those of the README of `cluster`. One without imports may use `yield*`, and what the prelude has. */
import { assert, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"

const packages = fileURLToPath(new URL("../..", import.meta.url))

const prelude = `
import { Laws } from "@darb/laws"
import { ActivatedCommand, ConfigFile, Output, PackageManager, PackageManagerError, PackageManagers, PublicError } from "@darb/package-manager"
import { Pixi } from "@darb/pixi"
import { FileServer, Memory, MockExecutor, Recording, WheelDirectory } from "@darb/testing"
import { Uv } from "@darb/uv"
import { Command } from "@effect/platform"
import { NodeContext } from "@effect/platform-node"
import { it } from "@effect/vitest"
import { Console, Effect, Fiber, Layer, Schedule, Stream } from "effect"

declare const packageManager: PackageManager["Type"]
declare const [path, directory, text]: ReadonlyArray<string> & [string, string, string]
declare const subject: Effect.Effect<Laws.Subject>
`

const clusterPrelude = `
import { Client, Embedded, InMemory, Jobs, JobsOptions, Runner } from "@darb/cluster"
import { PackageManager } from "@darb/package-manager"
import { Pixi, PixiLive } from "@darb/pixi"
import { layerMemory } from "@darb/testing"
import { NodeContext } from "@effect/platform-node"
import { PgClient } from "@effect/sql-pg"
import { Console, Effect, Layer, Redacted, Stream } from "effect"

declare const jobs: Jobs["Type"]
declare const url: Redacted.Redacted
`

const directories = ["laws", "package-manager", "pixi", "python", "testing", "uv"].map((name) => ({
  name,
  prelude,
  directory: import.meta.dirname
}))
/** Others do not depend on this package. Its own tests have what its examples need. */
const cluster = { name: "cluster", prelude: clusterPrelude, directory: join(packages, "cluster", "test") }

/** The examples by the files that they are compiled as, which need not exist. */
const examples = new Map(
  [...directories, cluster].flatMap(({ directory, name, prelude }) => {
    const sources = readdirSync(join(packages, name, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join("src", file))
    return [...sources, ...name === "cluster" ? ["README.md"] : []].flatMap((file) =>
      [...readFileSync(join(packages, name, file), "utf8").matchAll(/```ts\n([^]*?)(?:\* |^)```/gm)]
        .map(([, block = ""], at) => {
          const code = block.replace(/^ *\* ?/gm, "")
          const whole = code.startsWith("import ")
            ? code
            : `${prelude}\nexport const example = Effect.gen(function*() {\n${code}\n})`
          return [join(directory, `${name}-${file.replaceAll(/\W/g, "-")}-${at}.ts`), whole] as const
        })
    )
  })
)

it("examples in doc comments compile", () => {
  const file = join(dirname(import.meta.dirname), "tsconfig.test.json")
  const { config } = ts.readConfigFile(file, ts.sys.readFile)
  const { tsBuildInfoFile: _, ...options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file)).options
  const host = ts.createCompilerHost(options)
  const program = ts.createProgram([...examples.keys()], {
    ...options,
    rootDir: packages,
    composite: false,
    incremental: false,
    noEmit: true,
    noUnusedLocals: false
  }, {
    ...host,
    fileExists: (file) => examples.has(file) || host.fileExists(file),
    readFile: (file) => examples.get(file) ?? host.readFile(file),
    getSourceFile: (file, version) => {
      const text = examples.get(file)
      return text === undefined ? host.getSourceFile(file, version) : ts.createSourceFile(file, text, version)
    }
  })
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText, start = 0 }) => {
    const line = file?.text.slice(0, start).split("\n").length ?? 0
    return `${file?.fileName}: ${file?.text.split("\n")[line - 1]}\n${
      ts.flattenDiagnosticMessageText(messageText, "\n")
    }`
  })
  assert.isAtLeast(examples.size, 15)
  assert.deepStrictEqual(problems, [])
}, 120_000)
