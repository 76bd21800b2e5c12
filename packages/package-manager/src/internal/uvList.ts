/** The packages of a project as all managers list them. Pure. */
import { Package } from "../Package.js"
import * as Pep508 from "../Pep508.js"
import * as UvLock from "../UvLock.js"
import * as UvManifest from "../UvManifest.js"
import type * as UvPrefix from "../UvPrefix.js"

/** The size of the archive that is installed, where it is known which one that is. */
const sizeOf = ({ sdist, wheels }: UvLock.LockedPackage): number | null => {
  const forAll = wheels.find(({ location }) => /-none-any\.whl(?:[?#]|$)/.test(location ?? ""))
  if (forAll !== undefined) return forAll.size
  const [only, ...others] = [...wheels, ...sdist === null ? [] : [sdist]]
  return only === undefined || others.length > 0 ? null : only.size
}

/**
 * The packages of the lock file for this machine, sorted by name: what is default, and of groups and extras what is installed.
 */
export const packagesOf = (
  lock: UvLock.UvLock,
  manifest: UvManifest.UvManifest,
  { applicable, installed }: {
    readonly applicable: ReadonlyArray<UvLock.Applicable>
    readonly installed: ReadonlyArray<UvPrefix.InstalledPackage>
  },
  sourceIn: (source: string) => string | null
): ReadonlyArray<Package> => {
  const versions = new Map(installed.map(({ name, version }) => [name, version]))
  const isDefault = new Set(applicable.map((found) => found.package))
  const chosen = lock.packages.filter((found) =>
    isDefault.has(found) || (!UvLock.isProject(found) && versions.get(found.name) === found.version)
  )
  const asked = new Set(
    UvManifest.requirements(manifest, {
      extras: [...manifest.optionalDependencies.keys()],
      groups: [...manifest.groups.keys()]
    }).map(({ name }) => Pep508.normalizedName(name) ?? name)
  )
  return chosen
    .map((found) =>
      new Package({
        name: found.name,
        version: found.version,
        kind: "pypi",
        build: null,
        source: sourceIn(UvLock.sourceOf(found)),
        direct: asked.has(found.name),
        size: sizeOf(found),
        installed: versions.get(found.name) ?? null
      })
    )
    .sort((a, b) => a.name < b.name ? -1 : 1)
}
