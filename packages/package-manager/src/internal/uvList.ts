/** The packages of a project as all managers list them. Pure. */
import { Package } from "../Package.js"
import * as UvLock from "../UvLock.js"
import * as UvManifest from "../UvManifest.js"
import type * as UvPrefix from "../UvPrefix.js"
import * as Platform from "./platform.js"
import { everything } from "./uvChoice.js"
import { fits } from "./uvWheel.js"

/** The size of the archive that is installed, where it is known which one that is. */
const sizeOf = ({ sdist, wheels }: UvLock.LockedPackage, python: string): number | null => {
  const fitting = wheels.filter(({ location }) => location !== null && fits(location, python, Platform.current()))
  const [only, ...others] = fitting.length > 0 ? fitting : [...wheels, ...sdist === null ? [] : [sdist]]
  return only === undefined || others.length > 0 ? null : only.size
}

/**
 * The packages of the lock file for this machine, sorted by name: what is default, and of groups and extras what is installed.
 */
export const packagesOf = (
  lock: UvLock.UvLock,
  manifest: UvManifest.UvManifest,
  { applicable, installed, python }: {
    readonly applicable: ReadonlyArray<UvLock.Applicable>
    /** The version of Python. */
    readonly python: string
    readonly installed: ReadonlyArray<UvPrefix.InstalledPackage>
  },
  sourceIn: (source: string) => string | null
): ReadonlyArray<Package> => {
  const versions = new Map(installed.map(({ name, version }) => [name, version]))
  const isDefault = new Set(applicable.map((found) => found.package))
  const chosen = lock.packages.filter((found) =>
    isDefault.has(found) || (!UvLock.isProject(found) && versions.get(found.name) === found.version)
  )
  const asked = new Set(UvManifest.requirements(manifest, everything(manifest)).map(({ name }) => name))
  return chosen
    .map((found) =>
      new Package({
        name: found.name,
        version: found.version,
        kind: "pypi",
        build: null,
        source: sourceIn(UvLock.sourceOf(found)),
        direct: asked.has(found.name),
        size: sizeOf(found, python),
        installed: versions.get(found.name) ?? null
      })
    )
    .sort((a, b) => a.name < b.name ? -1 : 1)
}
