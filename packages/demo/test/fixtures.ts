/** A manager that runs no processes, and values for the reports. */
import { ChangedPackage, Changes, LockedPackage } from "@darb/package-manager/Changes"
import { Environment } from "@darb/package-manager/Environment"
import { Manifest } from "@darb/package-manager/Manifest"
import * as Output from "@darb/package-manager/Output"
import { Package } from "@darb/package-manager/Package"
import { PackageManager } from "@darb/package-manager/PackageManager"
import { ManifestInvalid, PackageNotFound } from "@darb/package-manager/PackageManagerError"
import { Status } from "@darb/package-manager/Status"
import * as Pixi from "@darb/pixi/Pixi"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

const source = "https://example.org/channel"
const places = { environments: ["default"], platforms: ["linux-64"] }

export const manifest = new Manifest({
  file: "/env/pixi.toml",
  name: "env",
  packages: { greet: ">=1" },
  pypiPackages: {},
  channels: ["conda-forge", source],
  platforms: ["linux-64"],
  bytes: new TextEncoder().encode("[workspace]\n")
})

export const packages = [
  new Package({
    name: "greet",
    version: "1.0",
    kind: "conda",
    build: "0",
    source,
    direct: true,
    size: 1000,
    installed: "1.0"
  }),
  new Package({
    name: "stem",
    version: "2",
    kind: "pypi",
    build: null,
    source: null,
    direct: false,
    size: null,
    installed: "1"
  }),
  new Package({ name: "leaf", version: null, kind: "pypi", build: null, source: null, direct: false, size: null })
]

export const changes = new Changes({
  added: [new LockedPackage({ name: "greet", version: "1.0", kind: "conda", build: "0", source, ...places })],
  removed: [new LockedPackage({ name: "old", version: null, kind: "pypi", build: null, source: null, ...places })],
  changed: [
    new ChangedPackage({
      name: "libleaf",
      kind: "conda",
      before: { version: "0.1", build: "0", source },
      after: { version: "0.2", build: "1", source },
      ...places
    })
  ]
})

export const status = new Status({
  environment: "/env",
  lock: "outdated",
  prefix: "differs",
  unlocked: ["new"],
  missing: ["leaf"],
  different: [{ name: "stem", locked: "2", installed: "1" }],
  unexpected: ["old", "older"]
})

export const environments = [
  new Environment({ path: "/envs/fine", name: "fine", status, error: null }),
  new Environment({
    path: "/envs/broken",
    name: null,
    status: null,
    error: new ManifestInvalid({
      manager: "fake",
      operation: "environments",
      environment: "/envs/broken",
      file: "/envs/broken/pixi.toml",
      reason: "it is empty"
    })
  })
]

export const totals: Output.Totals = {
  packages: { done: 3, total: 40 },
  bytes: { done: 12_000_000, total: 310_400_000 }
}

/** What the events are about. */
export const about = { operation: "install", environment: "/env", id: "1" }

const process = { ...about, pid: 42 }

/** Installs everything but `nowhere`. */
export const packageManager = PackageManager.of({
  name: "fake",
  capabilities: Pixi.capabilities,
  version: Effect.succeed("1.0"),
  init: () => Effect.succeed(manifest),
  install: Effect.fnUntraced(function*({ packages = [], path }) {
    const observe = yield* Output.Observer
    yield* observe(
      new Output.Started({ ...process, purpose: "operation", command: ["/opt/bin/pixi", "add", "--", ...packages] })
    )
    yield* observe(new Output.Output({ ...process, stream: "stdout", line: "data", continued: false }))
    yield* observe(new Output.Output({ ...process, stream: "stderr", line: "\u001b[31mwords", continued: false }))
    yield* observe(new Output.Progress({ ...about, phase: "solving", package: null, bytes: null }))
    yield* observe(new Output.Progress({ ...about, phase: "downloading", package: "greet", bytes: 1_572_864, totals }))
    yield* observe(new Output.Progress({ ...about, phase: "downloading", package: "leaf", bytes: null }))
    if (packages.includes("forever")) return yield* Effect.never
    const fails = packages.includes("nowhere")
    yield* observe(new Output.Ended({ ...process, purpose: "operation", exitCode: fails ? 1 : 0, signal: null }))
    if (!fails) return changes
    yield* observe(new Output.Restored({ ...about, files: ["/env/pixi.lock"] }))
    yield* observe(new Output.Unsearched(about))
    yield* observe(new Output.StatusAfter({ ...about, status }))
    return yield* new PackageNotFound({
      manager: "fake",
      operation: "install",
      environment: path,
      packages,
      platform: null
    })
  }),
  remove: () => Effect.succeed(changes),
  update: () => Effect.succeed(new Changes({ added: [], removed: [], changed: [] })),
  list: () => Effect.succeed(packages),
  status: () => Effect.succeed(status),
  run: Effect.fnUntraced(function*({ command = [] }) {
    const observe = yield* Output.Observer
    const program = { ...process, operation: "run" }
    yield* observe(new Output.Started({ ...program, purpose: "operation", command: ["/env/bin/python", ...command] }))
    yield* observe(new Output.Output({ ...program, stream: "stdout", line: "result", continued: false }))
    yield* observe(new Output.Output({ ...program, stream: "stderr", line: "warning", continued: false }))
    return { exitCode: 0, signal: null }
  }),
  activation: () => Effect.never,
  getManifest: () => Effect.succeed(manifest),
  clean: () => Effect.void,
  destroy: () => Effect.void,
  environments: Stream.empty
})
