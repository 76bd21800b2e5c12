/** The command line of the server. */
import * as Either from "effect/Either"
import { parseArgs } from "node:util"
import type { AppOptions } from "./App.js"

export const help = `Usage: npm run serve -- [OPTION]...

Serves environments over HTTP, with a page. Prints the address of the page.

  --root DIRECTORY         the directory of all environments; by default ~/.local/share/darb
  --manager pixi|uv        the package manager; by default the one in the configuration, or pixi
  --executable FILE        its executable; by default the one in the configuration, or one that is installed
  --config FILE            the configuration file; by default config.yaml in the working directory
  --port PORT              the port to listen on, or 0 for a free one; by default 8017
  --host ADDRESS           the address to listen on; by default 127.0.0.1
  --allow-host HOST[:PORT] a host by which browsers reach the server, beside 127.0.0.1 and localhost; can be repeated
  --help                   show this

The variable DARB_SERVER_TOKEN sets the token, which is a new one at each start by default.`

const text = { type: "string" } as const

/** The options, or why they are invalid; `undefined` if help is asked for. */
export const parse = (argv: ReadonlyArray<string>): Either.Either<AppOptions | undefined, string> =>
  Either.try({
    try: () =>
      parseArgs({
        args: [...argv],
        options: {
          root: text,
          manager: text,
          executable: text,
          config: text,
          host: text,
          port: text,
          "allow-host": { type: "string", multiple: true },
          help: { type: "boolean", short: "h" }
        }
      }).values,
    catch: (error) => error instanceof Error ? error.message : String(error)
  }).pipe(
    Either.flatMap(({ "allow-host": allowedHosts = [], help, host = "127.0.0.1", port = "8017", ...options }) => {
      if (help === true) return Either.right(undefined)
      if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) return Either.left(`--port ${port}: it is not a port`)
      const { config, executable, manager, root } = options
      return Either.right({ config, executable, manager, root, host, port: Number(port), allowedHosts })
    })
  )
