/** The variables that a manager's process gets: those that are named here, and what the application adds. */
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** What says where things are and how the machine reaches others, and nothing of which environment is meant. */
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

/**
 * The variables of this program that its children inherit. They are read from the process itself, whatever the
 * application has set as its `ConfigProvider`.
 */
export const inherit = (besides: ReadonlyArray<string>): Effect.Effect<Record<string, string>> => {
  const provider = ConfigProvider.fromEnv()
  return Effect.forEach([...inherited, ...besides], (name) =>
    provider.load(Config.option(Config.string(name))).pipe(
      // A variable that cannot be read is one that is not there.
      Effect.orElseSucceed(() => Option.none<string>()),
      Effect.map((value) => Option.match(value, { onNone: () => [], onSome: (text) => [[name, text]] }))
    )).pipe(Effect.map((entries) => Object.fromEntries(entries.flat())))
}
