// @ts-check
/** What differs between the managers. */
import * as Platform from "@darb/package-manager/driver/Platform"
import * as Pixi from "@darb/pixi/Pixi"
import * as Uv from "@darb/uv/Uv"
import { join } from "node:path"

/** @typedef {import("./operations.js").Manager} Manager */

/**
 * @typedef {object} Kind
 * @property {"pixi" | "uv"} name also that of the executable
 * @property {typeof Pixi.make | typeof Uv.make} make
 * @property {string} manifest
 * @property {string} lock
 * @property {string} prefix what is installed is in it
 * @property {(url: string) => Pick<import("./operations.js").Operation, "channels" | "platforms" | "indexes">} init
 * @property {(home: string) => Readonly<Record<string, string>>} variables
 * @property {(manifest: string) => Array<string>} dependencies the names in the text of a manifest
 * @property {ReadonlyArray<string>} available names of packages that can be there together
 * @property {ReadonlyArray<string>} slow names of packages whose download takes time
 * @property {ReadonlyArray<string>} specs
 * @property {ReadonlyArray<string>} impossible specs that fail
 * @property {{ readonly index: RegExp, readonly archive: RegExp }} paths of requests
 */

/** @type {Kind} */
export const pixi = {
  name: "pixi",
  make: Pixi.make,
  manifest: "pixi.toml",
  lock: "pixi.lock",
  prefix: ".pixi",
  init: (url) => ({ channels: [url], platforms: [Platform.current()] }),
  variables: (home) => ({
    PIXI_HOME: join(home, "pixi"),
    PIXI_CACHE_DIR: join(home, "cache"),
    XDG_CACHE_HOME: join(home, "xdg-cache")
  }),
  dependencies: (manifest) => {
    const table = /^\[dependencies\]\n([^[]*)/m.exec(manifest)?.[1] ?? ""
    return [...table.matchAll(/^(\S+) = /gm)].map(([, name = ""]) => name)
  },
  available: ["libleaf", "app", "bulky", "native", "python"],
  slow: ["native", "bulky"],
  specs: ["libleaf", "app", "bulky", "native", "python", "libleaf==0.1.0", "app==1.0", "python==3.11.9"],
  impossible: ["orphan", "broken", "app==9", "nowhere"],
  paths: { index: /repodata/, archive: /\.conda$/ }
}

/** @type {Kind} */
export const uv = {
  name: "uv",
  make: Uv.make,
  manifest: "pyproject.toml",
  lock: "uv.lock",
  prefix: ".venv",
  init: (url) => ({ indexes: [`${url}/wheels/simple`] }),
  variables: (home) => ({
    // It leaves a lock there for each project.
    TMPDIR: home,
    UV_CACHE_DIR: join(home, "cache"),
    UV_NO_SYSTEM_CONFIG: "1",
    UV_PYTHON_DOWNLOADS: "never",
    UV_PYTHON_INSTALL_DIR: join(home, "python")
  }),
  dependencies: (manifest) => {
    const list = /^dependencies = \[([^\]]*)\]/m.exec(manifest)?.[1] ?? ""
    return [...list.matchAll(/"([\w-]+)/g)].map(([, name = ""]) => name)
  },
  available: ["libleaf", "app", "bulky"],
  slow: ["libleaf", "bulky"],
  specs: ["libleaf", "app", "bulky", "libleaf==0.1.0", "app==1.0"],
  impossible: ["orphan", "broken", "app==9", "nowhere"],
  paths: { index: /simple\//, archive: /\.whl$/ }
}
