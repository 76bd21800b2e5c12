/** The keys of `[tool.uv]` that concern the run of uv. If any is wrong, uv says so, ignores all of them and goes on. */
import * as Pep508 from "@darb/python/Pep508"
import { anything, array, boolean, type Decoder, integer, oneOf, string, table } from "./UvContext.js"
import { checked } from "./UvDecoder.js"

const requiredVersion = checked(
  "a version or version specifiers such as `>=0.5`",
  (text) => Pep508.isVersion(text) || Pep508.specifierProblem(text) === undefined
)

const flags =
  "system-certs native-tls offline no-cache preview no-index require-build-hashes no-build-isolation compile-bytecode " +
  "no-sources upgrade reinstall no-build no-binary"
const texts = "cache-dir index-url http-proxy https-proxy torch-backend python-install-mirror pypy-install-mirror " +
  "graalpy-install-mirror pyodide-install-mirror python-downloads-json-url publish-url check-url"
const lists = "allow-insecure-host extra-index-url find-links no-proxy no-build-isolation-package no-sources-package " +
  "upgrade-package reinstall-package no-build-package no-binary-package"
const numbers = "concurrent-downloads concurrent-builds concurrent-installs"
const tables =
  "config-settings config-settings-package extra-build-dependencies extra-build-variables audit pip prerelease-package " +
  "exclude-newer-package build-backend"
const rest = "preview-features cache-keys dependency-metadata exclude-newer minimum-libc-version"

const each = (names: string, decoder: Decoder<unknown>) => names.split(" ").map((key) => [key, decoder] as const)

export const settings: ReadonlyMap<string, Decoder<unknown>> = new Map([
  ...each(flags, boolean),
  ...each(texts, string),
  ...each(lists, array(string)),
  ...each(numbers, integer),
  ...each(tables, table),
  ...each(rest, anything),
  ["required-version", requiredVersion],
  ["index-strategy", oneOf("first-index", "unsafe-first-match", "unsafe-best-match")],
  ["keyring-provider", oneOf("disabled", "subprocess")],
  ["resolution", oneOf("highest", "lowest", "lowest-direct")],
  ["prerelease", oneOf("disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit")],
  ["fork-strategy", oneOf("fewest", "requires-python")],
  ["link-mode", oneOf("clone", "copy", "hardlink", "symlink")],
  ["add-bounds", oneOf("lower", "major", "minor", "exact")],
  ["trusted-publishing", oneOf("automatic", "always", "never")],
  ["python-preference", oneOf("only-managed", "managed", "system", "only-system")],
  ["python-downloads", oneOf("automatic", "manual", "never")]
])
