/** Injects a fault, and checks what must hold after it. */
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import type { Requirements } from "@darb/pixi/Pixi"
import * as Effect from "effect/Effect"
import { existsSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { differences, filesOf, stateIn } from "./Environment.js"
import type { Fault, Happened, Scene } from "./Fault.js"
import { type Operation, shown } from "./Operation.js"
import { endProcesses, leftProcesses } from "./Processes.js"
import type { Outcome } from "./Run.js"

/** What must not happen, with its title in the report. */
export const columns = {
  processes: "processes left",
  bytes: "bytes differ",
  state: "state left",
  next: "next fails",
  defects: "defects",
  hangs: "hangs"
}

export type Column = keyof typeof columns

export interface Problem {
  readonly column: Column
  readonly text: string
}

export interface Result {
  readonly outcome: string
  readonly detail: string
  readonly problems: ReadonlyArray<Problem>
  /** The operation was interrupted or killed after its change was complete, and before it said so. */
  readonly complete?: boolean | undefined
  /** What was installed was damaged, and the error said that it is to be removed. */
  readonly mended?: boolean | undefined
}

/** Injects the fault and checks the environment after it. */
export const check = Effect.fnUntraced(function*(scene: Scene, fault: Fault) {
  const happened = yield* fault.run(scene)
  return yield* Effect.ensuring(new Checks(scene, happened).result, Effect.sync(() => happened.cleanup?.()))
})

const damagedTag: PackageManagerError["_tag"] = "StorageFailed"

/** A pixi that was killed, or had no space, may leave what no pixi can read. The error says what to do. */
const isDamaged = ({ detail, tag }: Outcome, path: string): boolean =>
  tag === damagedTag && /\/\.(?:pixi|venv): .*; remove it, and install again/.test(detail) && detail.includes(path)

/** The names in a decoded manifest. */
const namesIn = ({ value }: Outcome): ReadonlyArray<string> =>
  value !== undefined && "pypiPackages" in value ? Object.keys({ ...value.packages, ...value.pypiPackages }) : []

class Checks {
  private readonly problems: Array<Problem> = []
  private readonly path: string
  private readonly succeeded: boolean
  /** Nobody has said whether the change was complete; if it was, nothing of it may be missing. */
  private readonly mayBeDone: boolean
  private complete = false
  private mended = false

  constructor(private readonly scene: Scene, private readonly happened: Happened) {
    const { operation, outcome } = happened
    this.path = operation.path
    this.succeeded = outcome.kind === "succeeded"
    this.mayBeDone = outcome.kind === "killed" || outcome.kind === "interrupted"
  }

  get result(): Effect.Effect<Result, never, Requirements> {
    return Effect.gen(this, function*() {
      const { environment } = this.scene
      const { before, later = false, mend, odd = false, operation, outcome } = this.happened
      if (outcome.kind === "defect") this.report("defects", outcome.detail)
      if (outcome.kind === "hung") this.report("hangs", outcome.detail)
      if (!later) {
        yield* this.processes
        if (outcome.kind === "failed") this.bytes(before, (names) => `${names} after it is not as before`)
      }

      environment.calm()
      if (!this.succeeded || !odd) mend?.()
      if (operation.name === "init" && !this.succeeded && this.happened.has === undefined) yield* this.nextInit
      else yield* this.nextOperations
      yield* this.processes
      const state = [...stateIn(this.path), ...stateIn(dirname(this.path))]
      if (state.length > 0) this.report("state", state.join(", "))
      if (operation.name === "init") rmSync(this.path, { recursive: true, force: true })

      const { complete, mended, problems } = this
      const recovered = outcome.kind === "killed" ? "recovered" : outcome.kind
      return { outcome: outcome.tag ?? recovered, detail: outcome.detail, problems, mended, complete }
    })
  }

  /** An `init` that did not succeed can be repeated, or was complete. */
  private get nextInit() {
    return Effect.gen(this, function*() {
      const { environment } = this.scene
      const made = yield* environment.patiently(environment.initOf(this.path))
      this.complete = this.mayBeDone && made.tag === "EnvironmentExists"
      if (this.complete) yield* this.works({ name: "list", path: this.path })
      else this.assess(made)
    })
  }

  /** The next operations work, and find the environment either changed completely or not at all. */
  private get nextOperations() {
    return Effect.gen(this, function*() {
      const { environment, random } = this.scene
      const { before, has, later = false, odd = false, operation } = this.happened
      const { mayBeDone, path, succeeded } = this
      const good = !succeeded && odd ? filesOf(path) : before
      const next = random.pick(["list", "getManifest", "install"] as const)
      yield* this.works({ name: next, path, locked: next === "install" && mayBeDone })
      if (later) yield* this.processes
      const after = filesOf(path)
      this.complete = mayBeDone && differences(before, after).length > 0
      if (!succeeded && has === undefined && !this.complete) {
        this.bytes(good, (names) => `${names} after the next operation is not as before`)
      }
      if (succeeded || this.complete || has !== undefined) {
        this.names(operation, namesIn(yield* this.works({ name: "getManifest", path })))
      }
      if ((succeeded && odd) || !existsSync(join(path, environment.driver.lock))) return
      // The lock file matches the manifest: nothing is left to do.
      const { kind, value } = yield* this.works({ name: "install", path, locked: true })
      const isDone = value !== undefined && "isEmpty" in value && value.isEmpty
      if (kind === "succeeded" && !isDone) this.report("bytes", "the lock file did not fit the manifest")
      this.bytes(after, (names) => `${names} was changed by an install of what was there`)
    })
  }

  private report(column: Column, text: string): void {
    this.problems.push({ column, text })
  }

  private bytes(before: ReadonlyMap<string, string>, text: (names: string) => string): void {
    const changed = differences(before, filesOf(this.path))
    if (changed.length > 0) this.report("bytes", text(changed.join(", ")))
  }

  /** The manifest has the packages that it must have, and not those that were removed. */
  private names(operation: Operation, names: ReadonlyArray<string>): void {
    const { has } = this.happened
    const given = (operation.packages ?? []).map((spec) => spec.replace(/[=<> ].*/, ""))
    const wanted = has ?? (operation.name === "install" ? given : [])
    const unwanted = has === undefined && operation.name === "remove" ? given : []
    const wrong = [
      ...wanted.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
      ...unwanted.filter((name) => names.includes(name)).map((name) => `${name} is there`)
    ]
    if (wrong.length > 0) this.report("bytes", `${wrong.join(", ")} in the manifest after ${shown(operation)}`)
  }

  private get processes() {
    const { home } = this.scene.environment
    return Effect.map(leftProcesses(home), (left) => {
      if (left.length > 0) this.report("processes", left.join(", "))
      endProcesses(home)
    })
  }

  private assess(outcome: Outcome): Outcome {
    if (outcome.kind === "defect") this.report("defects", outcome.detail)
    else if (outcome.kind === "hung") this.report("hangs", outcome.detail)
    else if (outcome.kind !== "succeeded" && !(this.succeeded && this.happened.odd)) {
      this.report("next", outcome.detail)
    }
    return outcome
  }

  /** The operation succeeds, if need be after the damaged prefix was removed. */
  private works(operation: Operation) {
    return Effect.gen(this, function*() {
      const { environment } = this.scene
      const outcome = yield* environment.patiently(operation)
      if (!isDamaged(outcome, this.path)) return this.assess(outcome)
      this.mended = true
      rmSync(join(this.path, environment.driver.prefix), { recursive: true })
      return this.assess(yield* environment.patiently(operation))
    })
  }
}
