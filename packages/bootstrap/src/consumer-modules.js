// @ts-check
/** The modules that the consumer's application runs and compiles. Each prints its problems and then fails. */

const fail = `
const fail = (problem) => {
  console.log(problem)
  process.exitCode = 1
}
`

/**
 * Imports every entry, and checks that the exports of the packages hide all other modules.
 *
 * @param {ReadonlyArray<string>} entries
 * @param {ReadonlyArray<string>} hidden
 */
export const importer = (entries, hidden) =>
  `${fail}
const load = (name) => import(name).then(() => undefined, (error) => error)
for (const name of ${JSON.stringify(entries)}) {
  const error = await load(name)
  if (error !== undefined) fail(name + " cannot be imported: " + error.stack)
}
for (const name of ${JSON.stringify(hidden)}) {
  const error = await load(name)
  if (error?.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") fail(name + " is not hidden: " + (error?.stack ?? "it is exported"))
}
`

/**
 * Imports an entry, and checks that this loads no module of some packages.
 *
 * @param {string} entry
 * @param {ReadonlyArray<string>} unwanted
 */
export const loader = (entry, unwanted) => {
  const hooks = `
import { writeSync } from "node:fs"
export const load = (url, context, next) => {
  const unwanted = ${JSON.stringify(unwanted)}.find((name) => url.includes("/node_modules/" + name + "/"))
  if (unwanted !== undefined) writeSync(1, ${JSON.stringify(entry)} + " loads " + url + "\\n")
  return next(url, context)
}`
  return `
import { register } from "node:module"
register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)})
await import(${JSON.stringify(entry)})
`
}

/**
 * Has the types of every entry, and none of the hidden modules.
 *
 * @param {ReadonlyArray<string>} entries
 * @param {ReadonlyArray<string>} [hidden]
 */
export const types = (entries, hidden = []) =>
  [
    ...entries.map((name, index) => `export type * as Entry${index} from ${JSON.stringify(name)}`),
    ...hidden.flatMap((name, index) => [
      "// @ts-expect-error",
      `export type * as Hidden${index} from ${JSON.stringify(name)}`
    ]),
    ""
  ].join("\n")

/** Starts the application without a package manager: it must end with the error that names the missing executable. */
export const starter = `${fail}
import { spawnSync } from "node:child_process"
const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/main.js", "environment", "numpy"], {
  encoding: "utf8",
  env: { ...process.env, PACKAGE_MANAGER_DEFAULT_TYPE: "pixi", PACKAGE_MANAGER_PIXI_PATH: "/no-pixi" }
})
const output = stdout + stderr
if (status !== 1 || !output.includes("/no-pixi")) fail("main.js ended with exit code " + status + "\\n" + output)
`
