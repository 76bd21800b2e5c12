/**
 * What the manager in memory supports.
 *
 * @module
 * @since 0.1.0
 */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import type { Kind } from "@darb/package-manager/Package"
import type { Index } from "./MemorySolver.js"

/**
 * The option `python` exists only if there is a package of that name.
 *
 * @since 0.1.0
 * @category getters
 */
export const capabilitiesOf = (kind: Kind, index: Index): Capabilities => ({
  kinds: [kind],
  options: {
    init: index.has("python") ? ["name", "python"] : ["name"],
    install: ["packages", "locked", "frozen", "noInstall", "dryRun"],
    remove: ["packages", "noInstall", "dryRun"],
    update: ["packages", "noInstall", "dryRun"],
    list: [],
    status: [],
    run: ["command", "variables", "directory", "stdin", "stdio", "output"],
    activation: [],
    getManifest: [],
    clean: [],
    destroy: []
  },
  exceptions: {}
})
