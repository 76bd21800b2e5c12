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

/** How many modules of durable jobs an import loads. */
const loadsOfJobs = (module: string) => {
  const script = `import { Session } from "node:inspector"
const session = new Session()
session.connect()
const urls = []
session.on("Debugger.scriptParsed", ({ params }) => urls.push(params.url))
session.post("Debugger.enable")
await import("${module}")
console.log(urls.filter((url) => /packages.cluster.|node_modules.@effect.(cluster|rpc|sql|workflow)/.test(url)).length)`
  return Effect.map(
    output(process.execPath, ["--input-type=module", "--eval", script], { directory }),
    (text) => new Measured({ modules: Number(text) })
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
}, {
  name: "import: @darb/pixi without jobs",
  prepare: Effect.succeed({
    ours: loadsOfJobs("@darb/pixi"),
    than: "@darb/cluster",
    baseline: loadsOfJobs("@darb/cluster"),
    goals: [{ figure: "modules", is: "value", atMost: 0, unit: "" }],
    rounds: 1,
    warmUp: 0,
    isLong: true
  })
}]
