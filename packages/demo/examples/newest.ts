import * as Pep508 from "@darb/python/Pep508"
import { Either } from "effect"

/** The newest of some versions that a requirement such as `numpy>=2,<3` admits. */
export const newest = (requirement: string, versions: ReadonlyArray<string>) =>
  Either.map(
    Pep508.parse(requirement),
    ({ specifier }) =>
      versions.filter((version) => Pep508.admits(specifier, version)).sort(Pep508.compareVersions).at(-1)
  )
