/** What an environment asks for. */
import * as Schema from "effect/Schema"

/**
 * The manifest of an environment, decoded: what its default feature asks for on every platform.
 */
export class Manifest extends Schema.Class<Manifest>("@darb/package-manager/Manifest")({
  /** The absolute path of the file. */
  file: Schema.String,
  /** The directory's name where the manifest does not name the environment. */
  name: Schema.String,
  /**
   * The conda packages by name, each with its version spec: `*` is any version. A package that does not come from a
   * channel has its location instead.
   */
  packages: Schema.Record({ key: Schema.String, value: Schema.String }),
  /** The Python packages by name, likewise. */
  pypiPackages: Schema.Record({ key: Schema.String, value: Schema.String }),
  /** Names or URLs, as the manifest spells them, in order of priority. */
  channels: Schema.Array(Schema.String),
  /** Conda subdirectories, such as `linux-64`, or the names that the manifest gives to platforms. */
  platforms: Schema.Array(Schema.String),
  /** The file itself. */
  bytes: Schema.Uint8ArrayFromBase64
}) {}
