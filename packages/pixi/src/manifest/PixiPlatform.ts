/**
 * Platforms: their names, and the selectors of `[target]` that match them.
 *
 * @module
 * @since 0.1.0
 */
import { type Decoder, map, optional } from "@darb/package-manager/driver/Table"
import * as Predicate from "effect/Predicate"
import * as Records from "effect/Record"
import * as Schema from "effect/Schema"
import * as CondaVersion from "./CondaVersion.js"

const { String } = Schema

/**
 * The conda subdirectories of platforms.
 *
 * @since 0.1.0
 * @category values
 */
export const subdirs: ReadonlySet<string> = new Set([
  ...["noarch", "linux-32", "linux-64", "linux-aarch64", "linux-armv6l", "linux-armv7l", "linux-loongarch64"],
  ...["linux-ppc64le", "linux-ppc64", "linux-ppc", "linux-s390x", "linux-riscv32", "linux-riscv64", "freebsd-32"],
  ...["freebsd-64", "freebsd-arm64", "osx-64", "osx-arm64", "ios-arm64", "iossimulator-arm64", "iossimulator-64"],
  ...["android-aarch64", "android-armv7a", "android-64", "android-32", "win-32", "win-64", "win-arm64"],
  ...["emscripten-wasm32", "wasi-wasm32", "zos-z"]
])

const isLinux = (subdir: string) => subdir.startsWith("linux-")
const isMacOs = (subdir: string) => subdir.startsWith("osx-")
const isWindows = (subdir: string) => subdir.startsWith("win-")

const families: ReadonlyMap<string, (subdir: string) => boolean> = new Map([
  ["linux", isLinux],
  ["osx", isMacOs],
  ["macos", isMacOs],
  ["win", isWindows],
  // pixi counts Emscripten among them.
  ["unix", (subdir) => isLinux(subdir) || isMacOs(subdir) || /^(?:emscripten|freebsd|android|ios)/.test(subdir)]
])

export interface Platform {
  /** What features and targets call it: the subdirectory, unless the manifest names it or adds virtual packages. */
  readonly name: string
  /** The conda subdirectory, such as `linux-64`. */
  readonly subdir: string
  /** The versions of the virtual packages that it requires, such as `__cuda`. */
  readonly virtualPackages: Readonly<Record<string, string>>
}

/**
 * Whether a selector, a key of `[target]`, matches a platform.
 *
 * @since 0.1.0
 * @category predicates
 */
export const matches = (selector: string, platform: Platform): boolean => {
  const family = families.get(selector)
  if (family !== undefined) return family(platform.subdir)
  if (subdirs.has(selector)) return selector === platform.subdir
  if (!selector.includes("*")) return selector === platform.name
  return matchesGlob(selector.split(/\*+/), platform.name)
}

const matchesGlob = ([first = "", ...rest]: ReadonlyArray<string>, name: string): boolean => {
  if (!name.startsWith(first)) return false
  const last = rest.at(-1) ?? ""
  let at = first.length
  for (const part of rest.slice(0, -1)) {
    const found = name.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}

/** The virtual packages that have a key of their own, in the order in which they become part of a name. */
const friendly: ReadonlyArray<readonly [key: string, name: string]> = [
  ["cuda", "__cuda"],
  ["archspec", "__archspec"],
  ["glibc", "__glibc"],
  ["linux", "__linux"],
  ["macos", "__osx"],
  ["windows", "__win"]
]

/** Whether pixi assumes this version unless the manifest says otherwise. */
const isDefault = (subdir: string, name: string, version: string): boolean => {
  if (name === "__linux") return isLinux(subdir) && CondaVersion.isSame(version, "4.18")
  if (name === "__glibc") return isLinux(subdir) && CondaVersion.isSame(version, "2.28")
  if (name === "__win") return isWindows(subdir) && CondaVersion.isSame(version, "10.0")
  if (name === "__osx") return isMacOs(subdir) && CondaVersion.isSame(version, "13.0")
  return name === "__archspec" && version === archspecs.get(subdir)
}

const archspecs: ReadonlyMap<string, string> = new Map([
  ["linux-64", "x86_64"],
  ["osx-64", "x86_64"],
  ["win-64", "x86_64"],
  ["linux-32", "x86"],
  ["win-32", "x86"],
  ["linux-aarch64", "aarch64"],
  ["win-arm64", "aarch64"],
  ["osx-arm64", "m1"],
  ["linux-ppc64le", "ppc64le"],
  ["linux-ppc64", "ppc64"],
  ["linux-riscv64", "riscv64"]
])

const segment = (text: string) => text.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "")

/**
 * The name that pixi gives to a platform without one.
 *
 * @since 0.1.0
 * @category operations
 */
export const derivedName = (subdir: string, virtualPackages: Readonly<Record<string, string>>): string => {
  const special = new Map(
    Object.entries(virtualPackages).filter(([name, version]) => !isDefault(subdir, name, version))
  )
  const parts = [subdir]
  for (const [key, name] of friendly) {
    const version = special.get(name)
    if (version !== undefined && !(version.includes("=") && name !== "__archspec")) {
      parts.push(`${key}-${segment(version)}`)
      special.delete(name)
    }
  }
  for (const [name, version] of [...special].sort(([a], [b]) => a < b ? -1 : 1)) {
    parts.push(`${segment(name)}-${segment(version)}`)
  }
  return parts.join("-")
}

const Table = Schema.Struct({
  name: optional(String),
  platform: optional(String),
  cuda: optional(Schema.Union(String, Schema.Struct({ driver: String, arch: optional(String) }))),
  archspec: optional(String),
  glibc: optional(String),
  linux: optional(String),
  macos: optional(String),
  osx: optional(String),
  windows: optional(String)
}, { key: Schema.TemplateLiteral("__", String), value: String }).pipe(
  Schema.filter(({ name, platform }) => (platform ?? name) !== undefined || "Expected a name or a platform")
)

const keys: ReadonlyMap<string, string> = new Map([...friendly, ["osx", "__osx"]])

/**
 * `"linux-64"` stands for `{ platform = "linux-64" }`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Platform: Decoder<Platform> = Schema.Union(
  map(String, (subdir) => ({ name: subdir, subdir, virtualPackages: {} })),
  map(Table, ({ cuda, name, platform, ...versions }) => {
    const { arch, driver } = typeof cuda === "string" ? { driver: cuda } : { ...cuda }
    const all: Record<string, string | undefined> = { ...versions, cuda: driver, __cuda_arch: arch }
    const virtualPackages = Records.mapKeys(
      Records.filter(all, Predicate.isNotUndefined),
      (key) => keys.get(key) ?? key
    )
    const subdir = platform ?? name ?? ""
    return { name: name ?? derivedName(subdir, virtualPackages), subdir, virtualPackages }
  })
)

/**
 * Whether a virtual package exists on the platforms of a subdirectory.
 *
 * @since 0.1.0
 * @category predicates
 */
export const appliesTo = (virtualPackage: string, subdir: string): boolean => {
  if (["__linux", "__glibc", "__musl", "__eglibc"].includes(virtualPackage)) return isLinux(subdir)
  if (virtualPackage === "__osx") return isMacOs(subdir)
  return virtualPackage !== "__cuda" || !isMacOs(subdir)
}
