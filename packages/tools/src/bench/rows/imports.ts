/** What it costs to import the library, in processes of their own. */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { Measured } from "../Comparison.js"
import type { Row } from "../Row.js"
import { output } from "../Subprocess.js"

const directory = fileURLToPath(new URL(".", import.meta.url))

const importing = (module: string) => {
  const script = `const start = performance.now(); await import("${module}"); console.log(performance.now() - start)`
  return Effect.map(
    output(process.execPath, ["--input-type=module", "--eval", script], { directory }),
    (text) => new Measured({ import: Number(text) })
  )
}

export const rows: ReadonlyArray<Row> = [{
  name: "import: @darb/pixi",
  prepare: Effect.succeed({
    ours: importing("@darb/pixi"),
    than: "effect/Effect",
    baseline: importing("effect/Effect"),
    goals: [{ figure: "import", is: "times", atMost: 2.6 }]
  })
}]
