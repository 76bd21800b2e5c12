/** The platforms of pixi: what they are called, and which selectors of targets fit them. Pure. */
import type { Platform } from "./PixiDocument.js"

/** The conda subdirectories that pixi knows. */
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
  // As pixi has it: WebAssembly by Emscripten is one of them.
  ["unix", (subdir) => isLinux(subdir) || isMacOs(subdir) || /^(?:emscripten|freebsd|android|ios)/.test(subdir)]
])

/** A platform that is a subdirectory and asks for nothing more. */
export const fromSubdir = (subdir: string): Platform => ({ name: subdir, subdir, virtualPackages: {} })

/** Why a platform cannot be called so, if it cannot. */
export const nameProblem = (name: string): string | undefined => {
  if (families.has(name)) return `${name} is a name of many platforms`
  if (name.length > 64) return "the name of a platform has 64 characters at most"
  return /^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)
    ? undefined
    : "the name of a platform has letters, digits and dashes only, and starts with a letter"
}

/** Why a key of `[target]` selects nothing, if it does not. */
export const selectorProblem = (selector: string): string | undefined => {
  if (families.has(selector) || subdirs.has(selector)) return undefined
  if (/[*?[]/.test(selector)) {
    return /^[A-Za-z0-9*-]{1,64}$/.test(selector)
      ? undefined
      : "only * can stand for other characters"
  }
  return nameProblem(selector)
}

/** Whether what a key of `[target]` holds is for the platform. */
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

/** The virtual packages in the order in which they become part of a name, with the keys that they have in manifests. */
const friendly: ReadonlyArray<readonly [key: string, name: string]> = [
  ["cuda", "__cuda"],
  ["archspec", "__archspec"],
  ["glibc", "__glibc"],
  ["linux", "__linux"],
  ["macos", "__osx"],
  ["windows", "__win"]
]

/** The key of a platform's table for each virtual package that has one. */
export const virtualPackageKeys: ReadonlyMap<string, string> = new Map([...friendly, ["osx", "__osx"]])

const sameVersion = (a: string, b: string) => a === b || a.replace(/(?:\.0)+$/, "") === b.replace(/(?:\.0)+$/, "")

/** What pixi takes for granted. */
const isDefault = (subdir: string, name: string, version: string): boolean => {
  if (name === "__linux") return isLinux(subdir) && sameVersion(version, "4.18")
  if (name === "__glibc") return isLinux(subdir) && sameVersion(version, "2.28")
  if (name === "__win") return isWindows(subdir) && sameVersion(version, "10.0")
  if (name === "__osx") return isMacOs(subdir) && sameVersion(version, "13.0")
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

/** What pixi calls a platform that has no name of its own. */
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

/** Whether a requirement of the system says anything on a platform. */
export const appliesTo = (virtualPackage: string, subdir: string): boolean => {
  if (["__linux", "__glibc", "__musl", "__eglibc"].includes(virtualPackage)) return isLinux(subdir)
  if (virtualPackage === "__osx") return isMacOs(subdir)
  return virtualPackage !== "__cuda" || !isMacOs(subdir)
}
