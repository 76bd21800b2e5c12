/** A PostgreSQL server of a test, on a port of its own. */
import * as Effect from "effect/Effect"
import { execFileSync, spawn } from "node:child_process"
import { appendFileSync, chownSync, mkdirSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { directory } from "./processes/Directory.js"

export const freePort = Effect.async<number>((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0)))
  })
})

/** The server refuses to run as root. */
const user = (): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {}
  const [, , uid, gid] = execFileSync("getent", ["passwd", "postgres"]).toString().split(":")
  return { uid: Number(uid), gid: Number(gid) }
}

export interface Postgres {
  readonly url: string
  /** The URL of one more database, which is empty. */
  readonly newDatabase: Effect.Effect<string>
  /** Stops the server at once, as if its machine had failed. */
  readonly stop: Effect.Effect<void>
  readonly start: Effect.Effect<void>
}

/** `bin` is the directory of the executables of the server. */
export const make = Effect.fnUntraced(function*(bin: string) {
  const base = yield* directory
  const data = join(base, "data")
  const as = { ...user(), env: { PATH: bin, LC_ALL: "C.UTF-8" }, cwd: base }
  if (as.uid !== undefined && as.gid !== undefined) chownSync(base, as.uid, as.gid)
  mkdirSync(data)
  if (as.uid !== undefined && as.gid !== undefined) chownSync(data, as.uid, as.gid)
  execFileSync(join(bin, "initdb"), ["-D", data, "-A", "trust", "-U", "darb", "-E", "UTF8"], { ...as, stdio: "ignore" })
  const port = yield* freePort
  appendFileSync(
    join(data, "postgresql.conf"),
    `listen_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = '${base}'\n`
  )

  const ready = () => {
    try {
      execFileSync(join(bin, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", `${port}`], as)
      return true
    } catch {
      return false
    }
  }

  let server: ReturnType<typeof spawn> | undefined
  const start = Effect.gen(function*() {
    server = spawn(join(bin, "postgres"), ["-D", data], { ...as, stdio: "ignore" })
    while (!ready()) yield* Effect.sleep("100 millis")
  })
  const stop = Effect.async<void>((resume) => {
    if (server === undefined || server.exitCode !== null) return resume(Effect.void)
    server.once("exit", () => resume(Effect.void))
    server.kill("SIGQUIT")
  })
  yield* Effect.acquireRelease(start, () => stop)
  let databases = 0
  const urlOf = (database: string) => `postgres://darb@127.0.0.1:${port}/${database}`
  const newDatabase = Effect.sync(() => {
    const name = `db${++databases}`
    execFileSync(join(bin, "createdb"), ["-h", "127.0.0.1", "-p", `${port}`, "-U", "darb", name], as)
    return urlOf(name)
  })
  const postgres: Postgres = { url: urlOf("postgres"), newDatabase, start, stop }
  return postgres
})
