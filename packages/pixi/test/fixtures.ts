/** What the tests of this driver share. */
import * as Platform from "@darb/package-manager/driver/Platform"
import * as Scripted from "@darb/testing/Scripted"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Layer from "effect/Layer"
import * as Pixi from "../src/Pixi.js"

/** The conda subdirectory of this machine. */
export const platform = Platform.current()

/** A pixi that starts no process, on the real file system. */
export const scripted = (version: string, script: Scripted.Script, options?: Pixi.PixiOptions) =>
  Pixi.layer(options).pipe(
    Layer.provideMerge(Scripted.layer(`pixi ${version}`, script)),
    Layer.provideMerge(NodeContext.layer)
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
