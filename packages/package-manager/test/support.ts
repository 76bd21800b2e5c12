/** What the tests of the driver share. */
import * as NodeContext from "@effect/platform-node/NodeContext"
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Platform from "../src/internal/platform.js"
import type { PackageManager } from "../src/PackageManager.js"
import * as Pixi from "../src/Pixi.js"
import * as MockExecutor from "../src/testing/MockExecutor.js"
import * as Uv from "../src/Uv.js"

/** Answers commands by the first argument; what is not named here succeeds without a word. */
export type Script = Readonly<
  Record<string, (argv: ReadonlyArray<string>) => Effect.Effect<MockExecutor.Reply, PlatformError>>
>

type Scripted = Layer.Layer<PackageManager | MockExecutor.MockExecutor | CommandExecutor | FileSystem.FileSystem>

const executorOf = (version: string, script: Script) =>
  MockExecutor.layer(({ argv }) => {
    const answer = script[argv[1] ?? ""]
    if (answer !== undefined) return answer(argv.slice(1))
    return Effect.succeed(argv[1] === "--version" ? { stdout: `${version}\n` } : {})
  })

/** A pixi that starts no process, on the real file system. */
export const scripted = (version: string, script: Script, options?: Pixi.PixiOptions): Scripted =>
  Pixi.layer(options).pipe(
    Layer.provideMerge(executorOf(`pixi ${version}`, script)),
    Layer.provideMerge(NodeContext.layer)
  )

/** A uv that starts no process, likewise. */
export const scriptedUv = (version: string, script: Script, options?: Uv.UvOptions): Scripted =>
  Uv.layer(options).pipe(
    Layer.provideMerge(executorOf(`uv ${version} (x86_64-unknown-linux-gnu)`, script)),
    Layer.provideMerge(NodeContext.layer)
  )

export const replies = (reply: MockExecutor.Reply) => () => Effect.succeed(reply)

/** The arguments of all commands, without those for the version. */
export const commands = Effect.map(
  MockExecutor.MockExecutor,
  ({ invocations }) => invocations.map(({ argv }) => argv.slice(1)).filter(([command]) => command !== "--version")
)

export const manifestText = (dependencies: string, table = "project"): string =>
  `# ours\n[${table}]\nname = "x"\nchannels = ["c"]\nplatforms = ["linux-64"]\n\n[dependencies]\n${dependencies}`

/** A lock file of format 4 with packages, each as NAME-VERSION. */
export const lockText = (...packages: ReadonlyArray<string>): string => {
  const url = (found: string) => `file:///c/noarch/${found}-0.conda`
  const [name, version] = [/^(.*)-[^-]*$/, /-([^-]*)$/]
  return [
    "version: 4",
    "environments:",
    "  default:",
    "    channels:",
    "    - url: file:///c/",
    "    packages:",
    "      linux-64:",
    ...(packages.length === 0 ? ["      []"] : packages.map((found) => `      - conda: ${url(found)}`)),
    packages.length === 0 ? "packages: []" : "packages:",
    ...packages.flatMap((found) => [
      "- kind: conda",
      `  name: ${name.exec(found)?.[1]}`,
      `  version: '${version.exec(found)?.[1]}'`,
      "  build: '0'",
      "  subdir: noarch",
      `  url: ${url(found)}`
    ]),
    ""
  ].join("\n")
}

/** A directory with these files. */
export const directoryWith = Effect.fnUntraced(function*(files: Readonly<Record<string, string>>) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.realPath(yield* fs.makeTempDirectoryScoped({ prefix: "darb-test-" }))
  for (const [name, text] of Object.entries(files)) {
    const parent = `${directory}/${name}`.replace(/\/[^/]*$/, "")
    yield* fs.makeDirectory(parent, { recursive: true })
    yield* fs.writeFileString(`${directory}/${name}`, text)
  }
  return directory
})

/** All files below a directory with their texts. */
export const filesOf = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const found: Record<string, string> = {}
  for (const name of (yield* fs.readDirectory(directory, { recursive: true })).sort()) {
    const { type } = yield* fs.stat(`${directory}/${name}`)
    found[name] = type === "File" ? yield* fs.readFileString(`${directory}/${name}`) : `(${type})`
  }
  return found
})

/** A platform of conda that this machine is. */
export const platform = Platform.current()

export const isRunning = (pid: number) =>
  Effect.sync(() => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  })

/**
 * Waits for what depends on the file system, which the clock of the test does not drive.
 */
export const settled = <S, E, R>(
  found: Effect.Effect<S, E, R>,
  until: (found: S) => boolean
): Effect.Effect<void, E, R> =>
  Effect.flatMap(found, (value) =>
    until(value)
      ? Effect.void
      : Effect.andThen(Effect.promise(() => new Promise((resume) => setTimeout(resume, 2))), settled(found, until)))
