/**
 * Selects the variables of this process that a manager inherits.
 *
 * @module
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as HashSet from "effect/HashSet"

/** Variables for directories, language and network. None of them chooses an environment. */
const inherited: ReadonlyArray<string> = [
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TMP", "TEMP", "TZ"],
  ...["LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES"],
  ...["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "LD_LIBRARY_PATH"],
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION"],
  // Windows
  ...["SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "USERPROFILE", "USERNAME", "APPDATA", "LOCALAPPDATA"],
  ...["ProgramData", "ProgramFiles", "ProgramFiles(x86)", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"]
]

/** Those of the inherited variables that may hold credentials, or lead to some. */
const sensitive = /^AWS_|PROXY$|^NETRC$|^SSH_AUTH_SOCK$|^DBUS_/i

/**
 * Whether a variable is one of the common ones and holds no credentials.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isPlain = (name: string): boolean => inherited.includes(name) && !sensitive.test(name)

/** Variables have a single level: no name contains this delimiter. */
const { flattened: provider } = ConfigProvider.fromEnv({ pathDelim: "\0", seqDelim: "\0" })

const text = Config.string() as Config.Config.Primitive<string>

/**
 * The inherited variables: a common set, and those that match `additional` names or patterns. They are read from the process
 * itself, whatever `ConfigProvider` the application has set.
 *
 * @since 0.1.0
 * @category operations
 */
export const inherit = Effect.fnUntraced(function*(additional: ReadonlyArray<string | RegExp>) {
  const names = additional.filter((name) => typeof name === "string")
  const patterns = additional.filter((name) => typeof name !== "string")
  // In upper case.
  const present = yield* Effect.orElseSucceed(provider.enumerateChildren([]), () => HashSet.empty<string>())
  const wanted = [...inherited, ...names].filter((name) => HashSet.has(present, name.toUpperCase()))
  const like = [...present].filter((name) => patterns.some((pattern) => pattern.test(name)))
  const found: Record<string, string> = {}
  for (const name of [...wanted, ...like]) {
    // A variable that cannot be read counts as absent.
    const [value] = yield* Effect.orElseSucceed(provider.load([name], text, false), () => [])
    if (value !== undefined) found[name] = value
  }
  return found
})
