/** What differs between the drivers: their files, their variables, and the packages to try. */
import * as Platform from "@darb/package-manager/driver/Platform"
import * as Pixi from "@darb/pixi/Pixi"
import * as Uv from "@darb/uv/Uv"
import { join } from "node:path"
import type { Operation } from "./Operation.js"

export interface Driver {
  /** Also the name of the executable. */
  readonly name: "pixi" | "uv"
  readonly make: typeof Pixi.make | typeof Uv.make
  readonly manifest: string
  readonly lock: string
  /** The directory that contains the prefixes. */
  readonly prefix: string
  readonly init: (url: string) => Pick<Operation, "channels" | "platforms" | "indexes">
  readonly variables: (home: string) => Readonly<Record<string, string>>
  /** The names of the dependencies in the text of a manifest. */
  readonly dependencies: (manifest: string) => ReadonlyArray<string>
  /** Names of packages that can be installed together. */
  readonly available: ReadonlyArray<string>
  /** Names of packages whose download takes time. */
  readonly slow: ReadonlyArray<string>
  /** Specs that can be installed. */
  readonly specs: ReadonlyArray<string>
  /** Specs that fail. */
  readonly impossible: ReadonlyArray<string>
  /** The paths of requests for the index and for archives. */
  readonly paths: { readonly index: RegExp; readonly archive: RegExp }
}

export const pixi: Driver = {
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

export const uv: Driver = {
  name: "uv",
  make: Uv.make,
  manifest: "pyproject.toml",
  lock: "uv.lock",
  prefix: ".venv",
  init: (url) => ({ indexes: [`${url}/wheels/simple`] }),
  variables: (home) => ({
    // uv keeps a lock there for each project.
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
