/** What it costs to import the library, in processes of their own. */
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Measured } from "../Comparison.js"
import type { Row } from "../Row.js"

const importing = (module: string) =>
  Effect.sync(() => {
    const script = `const start = performance.now(); await import("${module}"); console.log(performance.now() - start)`
    const options = { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8" } as const
    const text = execFileSync(process.execPath, ["--input-type=module", "--eval", script], options)
    return new Measured({ import: Number(text) })
  })

export const rows: ReadonlyArray<Row> = [{
  name: "import: @darb/pixi",
  prepare: Effect.succeed({
    ours: importing("@darb/pixi"),
    than: "effect/Effect",
    baseline: importing("effect/Effect"),
    goals: [{ figure: "import", is: "times", atMost: 2.6 }]
  })
}]
