// @ts-check
/** Releases the public packages: packs them, checks the tarballs, and publishes them with provenance. */
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { checkout } from "./checkout.js"
import { makeContext } from "./context.js"
import { Failure } from "./failure.js"
import { npm } from "./npm.js"
import { pack } from "./pack.js"
import { run } from "./process.js"
import { entriesOf } from "./tarball.js"

/**
 * With `dryRun`, everything but the upload. npm makes provenance only for the repository that it is published from.
 *
 * @param {{ dryRun: boolean, repository: string } & Partial<import("./context.js").Context>} options
 * @returns {Promise<void>}
 */
export const release = async ({ dryRun, repository, ...options }) => {
  const context = makeContext(options)
  const directory = await mkdtemp(join(tmpdir(), "darb-release-"))
  try {
    const packages = await context.progress.step("release: packing", () => pack(directory, context, repository))
    for (const { folder, manifest, tarball } of packages) {
      const { name } = manifest
      await context.progress.step(`release: checking ${name}`, () => check(manifest, tarball))
      const log = await readFile(join(checkout, "packages", folder, "CHANGELOG.md"), "utf8")
      if (!log.includes(`\n## ${manifest.version}\n`)) {
        throw new Failure(
          `The CHANGELOG.md of ${name} has no section ${manifest.version}: use "npm run changeset version".`
        )
      }
    }
    const [command, ...args] = [...npm("npm", context), "publish", "--access=public"]
    // By force, since the version may be published already.
    const mode = dryRun ? ["--dry-run", "--force"] : ["--provenance"]
    for (const { manifest, tarball } of packages) {
      await context.progress.step(
        `release: publishing ${manifest.name} ${manifest.version}${dryRun ? ", without the upload" : ""}`,
        () => run(command, [...args, ...mode, tarball], { context, cwd: directory })
      )
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * Checks a tarball with publint and attw. CommonJS is not supported, nor is a resolution of types without `exports`.
 *
 * @param {import("./tarball.js").Manifest} manifest
 * @param {string} tarball
 */
const check = async (manifest, tarball) => {
  const bytes = new Uint8Array(await readFile(tarball))
  const [{ publint }, { formatMessage }, attw] = await Promise.all([
    /** @type {Promise<typeof import("publint")>} */ (load("publint")),
    /** @type {Promise<typeof import("publint/utils")>} */ (load("publint/utils")),
    /** @type {Promise<typeof import("@arethetypeswrong/core")>} */ (load("@arethetypeswrong/core"))
  ])
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true })
  const contents = attw.createPackageFromTarballData(bytes)
  const root = `/node_modules/${manifest.name}/`
  const packed = JSON.parse(contents.readFile(`${root}package.json`))
  const { entries } = entriesOf(manifest, contents.listFiles().map((file) => file.replace(root, "")))
  const analysis = await attw.checkPackage(contents, {
    entrypoints: entries.map((entry) => entry.replace(manifest.name, "."))
  })
  const problems = [
    ...["repository", "homepage", "bugs"].filter((key) => !(key in packed)).map((key) => `it has no "${key}"`),
    ...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`),
    ...(analysis.types === false ? [{ kind: "NoTypes" }] : analysis.problems).flatMap((problem) =>
      "resolutionKind" in problem && ["node10", "node16-cjs"].includes(problem.resolutionKind)
        ? []
        : [`attw: ${JSON.stringify(problem)}`]
    )
  ]
  if (problems.length > 0) throw new Failure([`${manifest.name} cannot be published:`, ...problems].join("\n"))
}

/**
 * Imports a package of the checkout, which may be installed later than this module is loaded.
 *
 * @param {string} name
 */
const load = (name) => import(pathToFileURL(createRequire(join(checkout, "package.json")).resolve(name)).href)
