/** What a manifest of pixi says about the package that is built from its directory: the table `[package]`. */
import type { CondaSpec, SourceLocation } from "./PixiDependency.js"

export type Inherited = { readonly workspace: boolean }

export type Specs = Readonly<Record<string, CondaSpec>>

/** Dependencies that hold always, and those that hold under a condition such as `host_platform == 'linux-64'`. */
export interface ConditionalSpecs {
  readonly always: Specs
  readonly conditional: Readonly<Record<string, Specs>>
}

export interface PackageTable {
  readonly name?: string | Inherited
  readonly version?: string | Inherited
  readonly description?: string | Inherited
  readonly authors?: ReadonlyArray<string> | Inherited
  readonly license?: string | Inherited
  readonly licenseFile?: string | Inherited
  readonly readme?: string | Inherited
  readonly homepage?: string | Inherited
  readonly repository?: string | Inherited
  readonly documentation?: string | Inherited
  readonly publish?: boolean
  readonly build?: Build
  readonly hostDependencies?: ConditionalSpecs
  readonly buildDependencies?: ConditionalSpecs
  readonly runDependencies?: ConditionalSpecs
  readonly runConstraints?: ConditionalSpecs
  /** Groups of dependencies by the name of the extra. */
  readonly extraDependencies?: Readonly<Record<string, ConditionalSpecs>>
  readonly runExports?: RunExports
  /** What holds on some platforms, by the selector of older manifests. */
  readonly target?: Readonly<Record<string, PackageTarget>>
}

export interface PackageTarget {
  readonly hostDependencies?: Specs
  readonly buildDependencies?: Specs
  readonly runDependencies?: Specs
  readonly runConstraints?: Specs
  readonly extraDependencies?: Readonly<Record<string, Specs>>
}

export interface RunExports {
  readonly noarch?: ConditionalSpecs
  readonly strong?: ConditionalSpecs
  readonly weak?: ConditionalSpecs
  readonly strongConstraints?: ConditionalSpecs
  readonly weakConstraints?: ConditionalSpecs
}

export interface Build {
  readonly backend?: BuildBackend
  readonly channels?: ReadonlyArray<string>
  readonly additionalDependencies?: Specs
  readonly source?: SourceLocation
  /** For the backend; only it knows what is in it. */
  readonly config?: unknown
  readonly target?: Readonly<Record<string, { readonly config?: unknown }>>
  readonly flags?: ReadonlyArray<string>
  readonly buildNumber?: number
  readonly buildStringPrefix?: string
  readonly secrets?: ReadonlyArray<string>
}

export interface BuildBackend extends Omit<CondaSpec, "package" | "pinCompatible" | "pinSubpackage"> {
  readonly name: string
  readonly channels?: ReadonlyArray<string>
  readonly additionalDependencies?: Specs
}
