/** The bundle of the program, which starts faster than its modules. */
import { statSync } from "node:fs"
import { fileURLToPath } from "node:url"

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

/** All modules in one file. */
export const bundle = at("../dist/bundle/darb.cjs")

/** Its code as V8 has compiled it. Another version of Node compiles it again. */
export const codeCache = `${bundle}.cache`

/** The compiler writes this file of a package when it has compiled the package. */
const compiled = ["demo", "package-manager", "pixi", "python", "testing", "uv"].map((name) =>
  at(`../../${name}/build/src.tsbuildinfo`)
)

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Whether no package was compiled after the bundle was made. */
export const isCurrent = () => compiled.every((file) => modified(file) < modified(codeCache))
