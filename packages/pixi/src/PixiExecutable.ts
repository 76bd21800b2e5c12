/**
 * Describes the executable of pixi to the driver kit.
 *
 * @module
 * @since 0.1.0
 */
import type { ExecutableDescription } from "@darb/package-manager/driver/executable/ExecutableDescription"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as PixiFailure from "./failure/PixiFailure.js"
import * as PixiProgress from "./PixiProgress.js"
import * as PixiVersion from "./PixiVersion.js"

/**
 * How the driver kit runs pixi. `fixed` keeps its output plain and unwrapped.
 *
 * @since 0.1.0
 * @category values
 */
export const description: ExecutableDescription<PixiVersion.Capabilities> = {
  manager: "pixi",
  // The caches and the credentials of the machine.
  inherited: ["PIXI_HOME", "PIXI_CACHE_DIR", "RATTLER_CACHE_DIR", "RATTLER_AUTH_FILE"],
  fixed: { NO_COLOR: "1", PIXI_NO_PROGRESS: "true", PIXI_NO_WRAP: "1" },
  signals: ["SIGTERM"],
  oldest: PixiVersion.oldest,
  read: (stdout) => {
    const version = PixiVersion.parse(stdout)
    if (version === undefined) {
      return Either.left({ found: stdout, reason: "--version does not print a version of pixi" })
    }
    const tooOld = () => ({ found: PixiVersion.format(version), reason: "it is too old" })
    return Either.fromNullable(PixiVersion.capabilities(version), tooOld)
  },
  limit: ({ mayHang }) => mayHang ? "1 hour" : Duration.infinity,
  classify: (operation, result) => PixiFailure.classify({ ...operation, result }),
  progress: {
    // `list` solves in versions without `lock`.
    commands: new Set(["add", "install", "list", "lock", "remove", "update"]),
    environment: { RUST_LOG: PixiProgress.logFilter },
    installs: PixiProgress.installs,
    isLogged: PixiProgress.isLogged,
    parse: PixiProgress.parse,
    sizes: PixiProgress.sizes
  }
}
