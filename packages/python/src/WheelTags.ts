/**
 * Decides by the file name of a wheel whether a Python on a platform can use it.
 *
 * @module
 * @since 0.1.0
 */

/** The platform tags that fit, by conda subdirectory. */
const platforms: Readonly<Record<string, RegExp>> = {
  "linux-64": /^(?:manylinux\w*|linux)_x86_64$/,
  "linux-aarch64": /^(?:manylinux\w*|linux)_aarch64$/,
  "osx-64": /^macosx_\d+_\d+_(?:x86_64|universal2|intel)$/,
  "osx-arm64": /^macosx_\d+_\d+_(?:arm64|universal2)$/,
  "win-64": /^win_amd64$/,
  "win-arm64": /^win_arm64$/
}

/** `NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl`. */
const fileName = /-([^-]+)-([^-]+)-([^-]+)\.whl(?:[?#].*)?$/

/**
 * Whether a wheel fits a Python version, such as `3.11.7`, and a conda platform, such as `linux-64`.
 *
 * @since 0.1.0
 * @category predicates
 */
export const fits = (location: string, python: string, platform: string): boolean => {
  const [, pythons, abis, tags] = fileName.exec(location) ?? []
  if (pythons === undefined || abis === undefined || tags === undefined) return false
  const [major = "", minor = ""] = python.split(".")
  const isStable = abis.split(".").includes("abi3")
  const isForPython = pythons.split(".").some((tag) => {
    const [, kind, own = "", version = ""] = /^(py|cp)(\d)(\d*)$/.exec(tag) ?? []
    if (own !== major) return false
    if (kind === "py") return version === "" || Number(version) <= Number(minor)
    return version === minor || (isStable && Number(version) <= Number(minor))
  })
  // A free-threaded Python has wheels of its own, with the ABI `cp313t`.
  const isForAbi = abis.split(".").some((abi) => abi === "none" || abi === "abi3" || abi === `cp${major}${minor}`)
  const isForPlatform = tags.split(".").some((tag) => tag === "any" || platforms[platform]?.test(tag) === true)
  return isForPython && isForAbi && isForPlatform
}
