/** The settings of the server. */
import * as Context from "effect/Context"
import type * as Redacted from "effect/Redacted"

export class Settings extends Context.Tag("@darb/server/Settings")<Settings, {
  /** The directory that contains all environments: an absolute path without links. */
  readonly root: string
  /** The token that every request to the API must have. */
  readonly token: Redacted.Redacted
  /** Values of the `Host` header to accept beside those of this machine, such as `darb.example.org`. */
  readonly allowedHosts: ReadonlyArray<string>
  /** The largest body of a request, in bytes. */
  readonly maxBodySize: number
  /** How many event streams may be open at the same time. */
  readonly maxEventStreams: number
}>() {}
