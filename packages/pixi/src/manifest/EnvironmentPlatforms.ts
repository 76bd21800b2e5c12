/**
 * Selects the platforms of an environment.
 *
 * @module
 * @since 0.1.0
 */
import type { PixiDocument } from "./PixiDocument.js"
import type { Feature, SystemRequirements } from "./PixiFeature.js"
import { systemRequirementsOf } from "./PixiMerge.js"
import * as Platform from "./PixiPlatform.js"

/**
 * The platforms that an environment with these features has.
 *
 * @since 0.1.0
 * @category getters
 */
export const platformsOf = (
  document: PixiDocument,
  features: ReadonlyArray<Feature>
): ReadonlyArray<Platform.Platform> => {
  const declared = document.workspace?.platforms ?? []
  return declared.every(({ name, subdir }) => name === subdir)
    ? composed([...new Set([...declared.map(({ subdir }) => subdir), ...subdirsOf(document)])], features)
    : chosen(declared, features)
}

/** A feature can name subdirectories that the workspace does not. */
const subdirsOf = ({ defaultFeature, environments, features }: PixiDocument): ReadonlyArray<string> =>
  [defaultFeature, ...Object.values(features), ...Object.values(environments).flatMap(({ inline }) => inline ?? [])]
    .flatMap(({ platforms = [] }) => platforms)
    .filter((name) => Platform.subdirs.has(name))

/** The system requirements of the features become part of the platform. */
const composed = (
  subdirs: ReadonlyArray<string>,
  features: ReadonlyArray<Feature>
): ReadonlyArray<Platform.Platform> => {
  const required = virtualPackagesOf(systemRequirementsOf(features))
  return subdirs
    .filter((subdir) => features.every(({ platforms }) => platforms === undefined || platforms.includes(subdir)))
    .map((subdir) => {
      const virtualPackages = Object.fromEntries(required.filter(([name]) => Platform.appliesTo(name, subdir)))
      return { name: Platform.derivedName(subdir, virtualPackages), subdir, virtualPackages }
    })
}

const virtualPackagesOf = ({ cuda, libc, linux, macos }: SystemRequirements) =>
  ([["__linux", linux], ["__cuda", cuda], ["__osx", macos], [`__${libc?.family ?? "glibc"}`, libc?.version]] as const)
    .flatMap(([name, version]) => version === undefined ? [] : [[name, version] as const])

/** A named platform excludes the others of its subdirectory. */
const chosen = (
  declared: ReadonlyArray<Platform.Platform>,
  features: ReadonlyArray<Feature>
): ReadonlyArray<Platform.Platform> => {
  const names = new Set(features.flatMap(({ platforms = [] }) => platforms))
  const named = new Set(declared.filter(({ name }) => names.has(name)).map(({ subdir }) => subdir))
  return declared.filter(({ name, subdir }) =>
    features.every(({ platforms }) =>
      platforms === undefined || platforms.includes(name) || platforms.includes(subdir)
    ) &&
    (names.has(name) || !named.has(subdir))
  )
}
