/** What this machine is called. */

const systems: Readonly<Record<string, string>> = { linux: "linux", darwin: "osx", win32: "win" }

const machines: Readonly<Record<string, string>> = { x64: "64", ia32: "32", ppc64: "ppc64le", loong64: "loongarch64" }

/** Of Node's globals, what is needed here. */
const machine = globalThis as unknown as { readonly process: { readonly arch: string; readonly platform: string } }

/** The conda subdirectory of this machine, such as `linux-64`. */
export const current = (): string => {
  const { arch, platform } = machine.process
  const word = platform === "linux" && arch === "arm64" ? "aarch64" : machines[arch] ?? arch
  return `${systems[platform] ?? platform}-${word}`
}
