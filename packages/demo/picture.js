/** Draws `picture.svg`: the most telling steps of the story, as a terminal shows them when it is told on a real pixi. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

const [pixi] = process.argv.slice(2)
if (pixi === undefined) {
  console.error("usage: picture.js PIXI")
  process.exit(2)
}

/** What `darb` writes to a terminal of 80 columns. */
const record = () => {
  const directory = mkdtempSync(join(tmpdir(), "darb-picture-"))
  try {
    const link = join(directory, "pixi")
    symlinkSync(pixi, link)
    const darb = `stty cols 80 rows 24; ${process.execPath} ${at("bin/darb.js")} --manager pixi --executable ${link}`
    return execFileSync("script", ["-qec", darb, "/dev/null"], { cwd: directory, encoding: "utf8" })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const esc = "\u001b"

/** The lines that stay on the screen, without what is different each time. */
const lines = record().split(/\r?\n/).map((line) =>
  line.split(`\r${esc}[2K`).at(-1)
    .replaceAll(/darb-story-\w+/g, "darb-story")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1")
    .replaceAll(/process \d+/g, "process 4711")
)

/** The lines of a step, which starts with its number. */
const step = (number) => {
  const isTitle = (line, number) => line.replaceAll(/\u001b\[\d+m/g, "").startsWith(`${number}. `)
  const start = lines.findIndex((line) => isTitle(line, number))
  const length = lines.slice(start).findIndex((line) => line === "")
  return lines.slice(start, start + length + 1)
}

const last = lines.findLast((line) => line.includes("steps met"))
const shown = [`${esc}[1m$ npm run demo${esc}[22m`, "", ...[2, 11, 12].flatMap(step), last]

const styles = { 1: "b", 2: "f", 31: "r", 32: "g", 33: "y" }

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")

let style

/** A span for each color of a line. A color lasts until it is turned off, also over several lines. */
const spans = (line) =>
  line.split(/(\u001b\[\d+m)/).map((part) => {
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1]
    if (code !== undefined) style = styles[code]
    if (code !== undefined || part === "") return ""
    return style === undefined ? escaped(part) : `<tspan class="${style}">${escaped(part)}</tspan>`
  }).join("")

const height = 20
const rows = shown.map((line, index) => `<text x="16" y="${index * height + 32}">${spans(line)}</text>`)

writeFileSync(
  at("picture.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" width="706" height="${shown.length * height + 32}">
<title>The demo installs packages, gets a typed error, and cancels an install</title>
<style>
text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d4d4d4; white-space: pre }
.b { font-weight: bold; fill: #fff } .f { fill: #8b949e } .r { fill: #f47067 } .g { fill: #57ab5a } .y { fill: #daaa3f }
</style>
<rect width="100%" height="100%" rx="8" fill="#1c2128"/>
${rows.join("\n")}
</svg>
`
)
