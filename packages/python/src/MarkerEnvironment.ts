/**
 * The values of environment markers (PEP 508) on a platform.
 *
 * @module
 * @since 0.1.0
 */

/**
 * The variables that markers compare.
 *
 * @since 0.1.0
 * @category models
 */
export interface Environment {
  readonly implementation_name: string
  readonly implementation_version: string
  readonly os_name: string
  readonly platform_machine: string
  readonly platform_python_implementation: string
  readonly platform_release: string
  readonly platform_system: string
  readonly platform_version: string
  readonly python_full_version: string
  readonly python_version: string
  readonly sys_platform: string
}

const systems: Readonly<Record<string, Pick<Environment, "os_name" | "platform_system" | "sys_platform">>> = {
  linux: { os_name: "posix", platform_system: "Linux", sys_platform: "linux" },
  osx: { os_name: "posix", platform_system: "Darwin", sys_platform: "darwin" },
  win: { os_name: "nt", platform_system: "Windows", sys_platform: "win32" },
  emscripten: { os_name: "posix", platform_system: "Emscripten", sys_platform: "emscripten" }
}

/** What `platform.machine()` returns where conda uses another word for the machine. */
const machines: Readonly<Record<string, string>> = {
  "linux-64": "x86_64",
  "linux-32": "i686",
  "osx-64": "x86_64",
  "win-64": "AMD64",
  "win-32": "x86",
  "win-arm64": "ARM64"
}

/**
 * The variables of CPython on a conda platform, such as `linux-64` or `osx-arm64`. Variables that depend on the release of
 * the operating system are empty.
 *
 * @since 0.1.0
 * @category decoding
 */
export const environmentOf = (platform: string, python: string): Environment => {
  const [system = "", machine = ""] = platform.split("-", 2)
  const [major = "3", minor = "0"] = python.split(".")
  return {
    implementation_name: "cpython",
    implementation_version: python,
    os_name: "",
    platform_machine: machines[platform] ?? machine,
    platform_python_implementation: "CPython",
    platform_release: "",
    platform_system: "",
    platform_version: "",
    python_full_version: python,
    python_version: `${major}.${minor.replace(/\D.*$/, "")}`,
    sys_platform: system,
    ...systems[system]
  }
}
