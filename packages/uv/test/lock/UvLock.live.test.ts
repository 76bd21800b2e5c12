import { describeEach } from "@darb/laws/LiveSuite"
import * as Pep508 from "@darb/python/Pep508"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { execFileSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as UvLock from "../../src/lock/UvLock.js"

const cases: ReadonlyArray<readonly [string, ReadonlyArray<string>, Partial<UvLock.Selection>]> = [
  ["workspace", [], {}],
  ["workspace", ["--no-default-groups"], { groups: [] }],
  ["workspace", ["--package", "member-b"], { projects: ["member-b"] }],
  ["workspace", ["--all-packages"], { projects: ["root", "member-a", "member-b"] }],
  ["forks", [], {}],
  ["conflicts", [], {}],
  ["conflicts", ["--extra", "cpu"], { extras: ["cpu"] }],
  ["conflicts", ["--extra", "gpu"], { extras: ["gpu"] }],
  ["conflicts", ["--group", "old"], { groups: ["dev", "old"] }],
  ["conflicts", ["--group", "both"], { groups: ["dev", "both"] }]
]

/** A line of requirements, which may start with a path for a name. */
const requirementOf = (line: string): Pep508.Requirement => {
  const named = line.replace(/^\.\/([a-z_]+)-\S*/, (_, name: string) => name.replaceAll("_", "-"))
  return Either.getOrThrowWith(Pep508.parse(named), ({ reason }) => new Error(`${line}: ${reason}`))
}

const nameAndVersion = (name: string, specifier: string) => `${name}${specifier}`

describeEach(process.env, "DARB_TEST_UV", (executable) => {
  const inCopy = <A>(name: string, use: (uv: (...args: ReadonlyArray<string>) => string) => A): A => {
    const directory = mkdtempSync(join(tmpdir(), "darb-uv-"))
    try {
      cpSync(fileURLToPath(new URL(`../uv-locks/${name}`, import.meta.url)), directory, { recursive: true })
      return use((...args) =>
        execFileSync(executable, args, {
          cwd: directory,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
          env: {
            ...process.env,
            TMPDIR: directory,
            UV_OFFLINE: "1",
            UV_NO_CONFIG: "1",
            UV_NO_PROGRESS: "1",
            UV_PYTHON_DOWNLOADS: "never",
            UV_CACHE_DIR: join(directory, "cache")
          }
        })
      )
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }

  const said = execFileSync(executable, ["--version"], { encoding: "utf8" })
  // Up to 0.12 the export also has what a group brings only where a conflict is decided otherwise.
  const hasConflicts = Pep508.compareVersions(/^uv (\S+)/.exec(said)?.[1] ?? "", "0.13") >= 0

  for (const [name, args, selection] of cases) {
    it.skipIf(args.includes("both") && !hasConflicts)(
      `the packages of ${[name, ...args].join(" ")} are those that uv exports`,
      () => {
        const lock = Effect.runSync(
          UvLock.decode(readFileSync(new URL(`../uv-locks/${name}/uv.lock`, import.meta.url)))
        )
        const exported = inCopy(
          name,
          (uv) => uv("export", "--frozen", "--no-hashes", "--no-annotate", "--no-header", "--no-emit-project", ...args)
        )
        const requirements = exported.split("\n").filter((line) => line !== "").map(requirementOf)
        for (const platform of ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]) {
          for (const python of ["3.11.7", "3.12.0", "3.14.0rc1"]) {
            const environment = Pep508.environmentOf(platform, python)
            const wanted = requirements
              .filter(({ marker }) => Pep508.evaluate(marker, environment))
              .map((requirement) => nameAndVersion(requirement.name, requirement.specifier))
            const found = UvLock.applicable(lock, { environment, ...selection }).map(({ package: found }) =>
              nameAndVersion(found.name, found.source._tag === "Registry" ? `==${found.version}` : "")
            )
            assert.deepStrictEqual(found.sort(), wanted.sort(), `${platform} ${python}`)
          }
        }
      }
    )
  }
})
