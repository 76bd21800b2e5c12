// @ts-check
/** @typedef {import("effect/Context").Tag.Service<import("@darb/package-manager/PackageManager").PackageManager>} Manager */
/** @typedef {import("@darb/package-manager/PackageManagerError").PackageManagerError} PackageManagerError */

/**
 * @typedef {object} Operation
 * @property {"init" | "install" | "remove" | "update" | "list" | "getManifest"} name
 * @property {string} path
 * @property {ReadonlyArray<string>} [packages]
 * @property {boolean} [locked]
 * @property {ReadonlyArray<string>} [channels]
 * @property {ReadonlyArray<string>} [platforms]
 * @property {ReadonlyArray<string>} [indexes]
 */

/**
 * @param {Manager} manager
 * @param {Operation} operation
 * @returns {import("effect/Effect").Effect<unknown, PackageManagerError>}
 */
export const perform = (manager, { channels, indexes, locked, name, packages = [], path, platforms }) => {
  switch (name) {
    case "init":
      return manager.init({ path, channels, indexes, platforms })
    case "install":
      return manager.install({ path, packages, locked })
    case "remove":
      return manager.remove({ path, packages })
    case "update":
      return manager.update({ path })
    case "list":
      return manager.list({ path })
    case "getManifest":
      return manager.getManifest({ path })
  }
}

/** @param {Operation} operation */
export const shown = ({ locked, name, packages = [] }) => [name, ...packages, ...(locked ? ["locked"] : [])].join(" ")
