/** The packages of a project as all managers list them. Pure. */
import * as Platform from "@darb/package-manager/driver/Platform"
import { Package } from "@darb/package-manager/Package"
import { fits } from "@darb/python/WheelTags"
import * as UvLock from "../lock/UvLock.js"
import * as UvManifest from "../manifest/UvManifest.js"
import type * as UvPrefix from "../prefix/UvPrefix.js"
import { everything } from "./UvChoice.js"

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
