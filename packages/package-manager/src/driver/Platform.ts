/**
 * The conda name of this machine's platform.
 *
 * @module
 * @since 0.1.0
 */

const systems: Readonly<Record<string, string>> = { linux: "linux", darwin: "osx", win32: "win" }

const machines: Readonly<Record<string, string>> = { x64: "64", ia32: "32", ppc64: "ppc64le", loong64: "loongarch64" }

/** The part of Node's globals that is needed here. */
const node = globalThis as unknown as { readonly process: { readonly arch: string; readonly platform: string } }

/**
 * The conda subdirectory of this machine, such as `linux-64`.
 *
 * @since 0.1.0
 * @category operations
 */
export const current = (): string => {
  const { arch, platform } = node.process
  const machine = platform === "linux" && arch === "arm64" ? "aarch64" : machines[arch] ?? arch
  return `${systems[platform] ?? platform}-${machine}`
}
