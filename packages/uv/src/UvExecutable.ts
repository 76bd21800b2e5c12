/**
 * Describes the executable of uv to the driver kit.
 *
 * @module
 * @since 0.1.0
 */
import type { ExecutableDescription } from "@darb/package-manager/driver/executable/ExecutableDescription"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as UvFailure from "./failure/UvFailure.js"
import * as UvProgress from "./UvProgress.js"
import * as UvVersion from "./UvVersion.js"

/**
 * How the driver kit runs uv. `fixed` keeps the output of uv plain and in English, and git from asking for a password.
 *
 * @since 0.1.0
 * @category values
 */
export const description: ExecutableDescription<UvVersion.UvVersion> = {
  manager: "uv",
  // The caches and the credentials of the machine.
  inherited: ["UV_CACHE_DIR", "UV_PYTHON_INSTALL_DIR", "UV_KEYRING_PROVIDER", /^UV_INDEX_.+_(?:USERNAME|PASSWORD)$/],
  fixed: {
    LC_ALL: "C.UTF-8",
    NO_COLOR: "1",
    UV_NO_PROGRESS: "1",
    UV_NO_WRAP: "1",
    GIT_TERMINAL_PROMPT: "0"
  },
  // uv restores its files on SIGINT only.
  signals: ["SIGINT", "SIGTERM"],
  oldest: UvVersion.oldest,
  read: (stdout) => {
    const version = UvVersion.parse(stdout)
    if (version === undefined) return Either.left({ found: stdout, reason: "--version does not print a version of uv" })
    return UvVersion.isSupported(version)
      ? Either.right(version)
      : Either.left({ found: UvVersion.format(version), reason: "it is too old" })
  },
  limit: () => Duration.infinity,
  classify: (operation, result) => UvFailure.classify({ ...operation, result }),
  progress: {
    commands: new Set(["add", "lock", "remove", "sync"]),
    environment: {},
    installs: UvProgress.installs,
    isLogged: () => false,
    parse: UvProgress.parse
  }
}
