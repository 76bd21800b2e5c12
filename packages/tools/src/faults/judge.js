// @ts-check
/** Does a fault, and finds whether what must hold after it does. */
import { existsSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { differences, filesOf, stateIn } from "./environment.js"
import { shown } from "./operations.js"
import { endProcesses, leftProcesses } from "./processes.js"

/** @typedef {import("./kinds.js").Happened} Happened */
/** @typedef {import("./kinds.js").Scene} Scene */

/** What must not be. */
export const columns = /** @type {const} */ ({
  processes: "processes left",
  bytes: "bytes differ",
  state: "state left",
  next: "next fails",
  defects: "defects",
  hangs: "hangs"
})

/** @typedef {keyof typeof columns} Column */

/**
 * @typedef {object} Problem
 * @property {Column} column
 * @property {string} text
 */

/**
 * @typedef {object} Verdict
 * @property {string} outcome
 * @property {string} detail
 * @property {ReadonlyArray<Problem>} problems
 * @property {boolean} [complete] it was interrupted or killed when the change was complete, and had not been said to be
 * @property {boolean} [mended] what was installed was damaged, and a failure said that it is to be removed
 */

/**
 * @param {Scene} scene
 * @param {import("./kinds.js").Kind} kind
 * @returns {Promise<Verdict>}
 */
export const judge = async (scene, kind) => {
  const happened = await kind.run(scene)
  try {
    return await verdictOf(scene, happened)
  } finally {
    happened.cleanup?.()
  }
}

/**
 * A pixi that was killed, or had no space, may leave what no pixi can read. The failure says what to do.
 *
 * @param {import("./run.js").Outcome} result
 * @param {string} path
 */
const isDamaged = ({ detail, tag }, path) =>
  tag === "StorageFailed" && /\/\.(?:pixi|venv): .*; remove it, and install again/.test(detail) && detail.includes(path)

/**
 * @param {Scene} scene
 * @param {Happened} happened
 * @returns {Promise<Verdict>}
 */
const verdictOf = async (scene, { before, has, later = false, mend, odd = false, operation, outcome }) => {
  const { environment, random } = scene
  const { path } = operation
  /** @type {Array<Problem>} */
  const problems = []
  /**
   * @param {Column} column
   * @param {string} text
   */
  const say = (column, text) => problems.push({ column, text })
  const succeeded = outcome.kind === "succeeded"
  let mended = false

  if (outcome.kind === "defect") say("defects", outcome.detail)
  if (outcome.kind === "hung") say("hangs", outcome.detail)

  const checkProcesses = async () => {
    const left = await leftProcesses(environment.home)
    if (left.length > 0) say("processes", left.join(", "))
    endProcesses(environment.home)
  }
  const checkBytes = () => {
    const changed = differences(before, filesOf(path))
    if (changed.length > 0) say("bytes", `${changed.join(", ")} after it is not as before`)
  }

  const undone = !succeeded && has === undefined
  if (!later) {
    await checkProcesses()
    if (outcome.kind === "failed") checkBytes()
  }

  environment.calm()
  if (!succeeded || !odd) mend?.()
  const good = !succeeded && odd ? filesOf(path) : undefined

  /** @param {import("./run.js").Outcome} result */
  const assess = (result) => {
    if (result.kind === "defect") say("defects", result.detail)
    else if (result.kind === "hung") say("hangs", result.detail)
    else if (result.kind !== "succeeded" && !(succeeded && odd)) say("next", result.detail)
    return result
  }
  /** @param {import("./operations.js").Operation} next */
  const works = async (next) => {
    const result = await environment.patiently(next)
    if (!isDamaged(result, path)) return assess(result)
    mended = true
    rmSync(join(path, environment.kind.prefix), { recursive: true })
    return assess(await environment.patiently(next))
  }

  // Neither has said whether the change was complete by then; if it was, nothing may be missing of it.
  const mayBeDone = outcome.kind === "killed" || outcome.kind === "interrupted"
  const read = random.pick(/** @type {const} */ (["list", "getManifest", "install"]))
  let complete = false
  if (operation.name === "init" && undone) {
    const made = await environment.patiently(environment.initOf(path))
    complete = mayBeDone && made.tag === "EnvironmentExists"
    if (complete) await works({ name: "list", path })
    else assess(made)
  } else {
    await works({ name: read, path, locked: read === "install" && mayBeDone })
    if (later) await checkProcesses()
    const after = filesOf(path)
    const wasDone = mayBeDone && differences(before, after).length > 0
    complete = wasDone
    if (undone && !wasDone) {
      const changed = differences(good ?? before, after)
      if (changed.length > 0) say("bytes", `${changed.join(", ")} after the next operation is not as before`)
    }
    if (succeeded || wasDone || has !== undefined) {
      const { value } = await works({ name: "getManifest", path })
      const names = Object.keys({ ...value?.packages, ...value?.pypiPackages })
      const given = (operation.packages ?? []).map((spec) => spec.replace(/[=<> ].*/, ""))
      const wanted = has ?? (operation.name === "install" ? given : [])
      const unwanted = has === undefined && operation.name === "remove" ? given : []
      const wrong = [
        ...wanted.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
        ...unwanted.filter((name) => names.includes(name)).map((name) => `${name} is there`)
      ]
      if (wrong.length > 0) say("bytes", `${wrong.join(", ")} in the manifest after ${shown(operation)}`)
    }
    // The lock file fits the manifest: nothing is left to do.
    if (!(succeeded && odd) && existsSync(join(path, environment.kind.lock))) {
      const result = await works({ name: "install", path, locked: true })
      if (result.kind === "succeeded" && !result.value.isEmpty) say("bytes", "the lock file did not fit the manifest")
      const changed = differences(after, filesOf(path))
      if (changed.length > 0) say("bytes", `${changed.join(", ")} was changed by an install of what was there`)
    }
  }
  await checkProcesses()
  const state = [...stateIn(path), ...stateIn(dirname(path))]
  if (state.length > 0) say("state", state.join(", "))
  if (operation.name === "init") rmSync(path, { recursive: true, force: true })

  const recovered = outcome.kind === "killed" ? "recovered" : outcome.kind
  return { outcome: outcome.tag ?? recovered, detail: outcome.detail, problems, mended, complete }
}
