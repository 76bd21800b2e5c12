/** The platforms that an environment is for. */
import type * as Document from "../PixiDocument.js"
import * as Platforms from "../PixiPlatform.js"
import { compareVersions } from "./condaVersion.js"

type Features = Pick<Document.PixiDocument, "workspace" | "defaultFeature" | "features" | "environments">

export const ofEnvironment = (
  document: Features,
  features: ReadonlyArray<Document.Feature>
): ReadonlyArray<Document.Platform> => {
  const declared = document.workspace?.platforms ?? []
  return declared.every(({ name, subdir }) => name === subdir)
    ? composed([...new Set([...declared.map(({ subdir }) => subdir), ...referenced(document)])], features)
    : chosen(declared, features)
}

/** Features can name subdirectories that the workspace does not. */
const referenced = ({ defaultFeature, environments, features }: Features): ReadonlyArray<string> =>
  [defaultFeature, ...Object.values(features), ...Object.values(environments).flatMap(({ inline }) => inline ?? [])]
    .flatMap(({ platforms = [] }) => platforms)
    .filter((name) => Platforms.subdirs.has(name))

/** What the features ask of the system becomes part of the platform. */
const composed = (
  subdirs: ReadonlyArray<string>,
  features: ReadonlyArray<Document.Feature>
): ReadonlyArray<Document.Platform> =>
  subdirs
    .filter((subdir) => features.every(({ platforms }) => platforms === undefined || platforms.includes(subdir)))
    .map((subdir) => {
      const virtualPackages: Record<string, string> = {}
      for (const { systemRequirements = {} } of features) {
        for (const [name, version] of virtualPackagesOf(systemRequirements)) {
          const before = virtualPackages[name]
          const isHigher = before === undefined || compareVersions(version, before) > 0
          if (isHigher && Platforms.appliesTo(name, subdir)) virtualPackages[name] = version
        }
      }
      return { name: Platforms.derivedName(subdir, virtualPackages), subdir, virtualPackages }
    })

const virtualPackagesOf = ({ cuda, libc, linux, macos }: Document.SystemRequirements) => {
  const all: Array<readonly [name: string, version: string]> = []
  if (linux !== undefined) all.push(["__linux", linux])
  if (cuda !== undefined) all.push(["__cuda", cuda])
  if (macos !== undefined) all.push(["__osx", macos])
  if (libc !== undefined) all.push([`__${libc.family ?? "glibc"}`, libc.version])
  return all
}

/** A platform that is named keeps out the others of its subdirectory. */
const chosen = (
  declared: ReadonlyArray<Document.Platform>,
  features: ReadonlyArray<Document.Feature>
): ReadonlyArray<Document.Platform> => {
  const names = new Set(features.flatMap(({ platforms = [] }) => platforms))
  const named = new Set(declared.filter(({ name }) => names.has(name)).map(({ subdir }) => subdir))
  return declared.filter(({ name, subdir }) =>
    features.every(({ platforms }) =>
      platforms === undefined || platforms.includes(name) || platforms.includes(subdir)
    ) &&
    (names.has(name) || !named.has(subdir))
  )
}
