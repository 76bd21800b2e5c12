/**
 * Activates a prefix without pixi, as pixi does it: the variables that packages set, those of the workspace, then the scripts
 * of the packages and of the manifest. For versions whose `shell-hook` would install first.
 *
 * @module
 * @since 0.1.0
 */
import * as Platform from "@darb/package-manager/driver/Platform"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as PixiEnvironment from "../manifest/PixiEnvironment.js"
import type { Workspace } from "../operation/PixiFiles.js"
import type { Difference } from "../PixiShellHook.js"

const Variables = Schema.Record({ key: Schema.String, value: Schema.String })
const decodeVariables = Schema.decodeUnknownOption(Schema.parseJson(Variables))
const decodeState = Schema.decodeUnknownOption(Schema.parseJson(Schema.Struct({ env_vars: Variables })))

type Variables = typeof Variables.Type

/** Its first argument is the number of variables, as `NAME=VALUE`; the scripts to source follow. */
const source = `
count="$1"; shift
while [ "$count" -gt 0 ]; do export "$1"; shift; count=$((count - 1)); done
exec 3>&1 1>&2
for script in "$@"; do . "$script" || exit; done
exec env -0 >&3`

/** Variables that the shell itself sets. */
const ofShell: ReadonlySet<string> = new Set(["_", "PWD", "OLDPWD", "SHLVL"])

/**
 * Makes the shell command that activates a prefix, and the decoder of the variables that it prints.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makePrefixActivation = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  const namesIn = (directory: string, extension: string) =>
    fs.readDirectory(directory).pipe(
      Effect.map((names) =>
        names.filter((name) => name.endsWith(extension)).sort().map((name) => path.join(directory, name))
      ),
      Effect.orElseSucceed((): ReadonlyArray<string> => [])
    )

  const read = (file: string) => Effect.orElseSucceed(fs.readFileString(file), () => "")

  const ofPackages = Effect.fnUntraced(function*(prefix: string) {
    const files = yield* namesIn(path.join(prefix, "etc", "conda", "env_vars.d"), ".json")
    const tables = (yield* Effect.forEach(files, read)).flatMap((text) => Option.toArray(decodeVariables(text)))
    const state = Option.toArray(decodeState(yield* read(path.join(prefix, "conda-meta", "state"))))
    return Object.fromEntries([...tables, ...state.map(({ env_vars }) => env_vars)].flatMap(Object.entries<string>))
  })

  return Effect.fnUntraced(function*(workspace: Workspace, prefix: string) {
    const { decoded: { name }, document, environment, manifest, selected = "default" } = workspace
    const found = Either.getOrUndefined(
      PixiEnvironment.select(document, { environment: selected, platform: Platform.current() })
    )
    const own = {
      CONDA_DEFAULT_ENV: selected === "default" ? name : `${name}:${selected}`,
      CONDA_PREFIX: prefix,
      PIXI_ENVIRONMENT_NAME: selected,
      PIXI_ENVIRONMENT_PLATFORMS: found?.platforms.map(({ subdir }) => subdir).join(",") ?? "",
      PIXI_PROJECT_MANIFEST: manifest,
      PIXI_PROJECT_NAME: name,
      PIXI_PROJECT_VERSION: document.workspace?.version ?? "NO_VERSION_SPECIFIED",
      PIXI_PROMPT: `(${selected === "default" ? name : `${name}:${selected}`}) `,
      PIXI_PROJECT_ROOT: environment
    }
    const ofManifest = found?.activation ?? { scripts: [], env: {} }
    const scripts = [
      ...yield* namesIn(path.join(prefix, "etc", "conda", "activate.d"), ".sh"),
      // pixi only warns of a script that does not exist.
      ...yield* Effect.filter(
        ofManifest.scripts.map((script) => path.resolve(environment, script)),
        (script) => Effect.orElseSucceed(fs.exists(script), () => false)
      )
    ]
    const variables = { ...yield* ofPackages(prefix), ...own, ...ofManifest.env }

    const args = (before: Variables): ReadonlyArray<string> => {
      const PATH = [path.join(prefix, "bin"), before.PATH ?? ""].join(":")
      const assignments = Object.entries({ ...variables, PATH }).map((entry) => entry.join("="))
      return ["-c", source, "sh", String(assignments.length), ...assignments, ...scripts]
    }

    const decode = (stdout: string, before: Variables): Effect.Effect<Difference, string> => {
      const after = Object.fromEntries(
        stdout.split("\0").flatMap((entry) => {
          const [, name, value = ""] = /^([^=]+)=([^]*)$/.exec(entry) ?? []
          return name === undefined || ofShell.has(name) || name === "DARB_OPERATION" ? [] : [[name, value]]
        })
      )
      if (after.PATH === undefined) return Effect.fail("the shell printed no variables")
      const set = Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value))
      return Effect.succeed({ set, unset: Object.keys(before).filter((name) => !(name in after)) })
    }

    /** Scripts of conda packages may need bash, and pixi prefers it too. */
    const shellOf = (before: Variables) =>
      Effect.map(
        Effect.filter((before.PATH ?? "").split(":"), (directory) =>
          Effect.orElseSucceed(fs.exists(path.join(directory, "bash")), () => false)),
        (found) =>
          found.length > 0 ? "bash" : "sh"
      )

    return { args, decode, shellOf }
  })
})
