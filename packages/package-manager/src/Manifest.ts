/**
 * The decoded manifest of an environment.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The manifest of an environment, with the dependencies of the default feature for all platforms.
 *
 * @since 0.1.0
 * @category models
 */
export class Manifest extends Schema.Class<Manifest>("@darb/package-manager/Manifest")({
  /** The absolute path of the file. */
  file: Schema.String,
  /** The name of the environment; the name of the directory if the manifest has none. */
  name: Schema.String,
  /**
   * The conda dependencies: names and version specs, `*` for any version. A package that does not come from a channel has
   * its location instead.
   */
  packages: Schema.Record({ key: Schema.String, value: Schema.String }),
  /** The PyPI dependencies, in the same form. */
  pypiPackages: Schema.Record({ key: Schema.String, value: Schema.String }),
  /** Names or URLs as written in the manifest, highest priority first. */
  channels: Schema.Array(Schema.String),
  /** Conda subdirectories such as `linux-64`, or the names that the manifest gives to platforms. */
  platforms: Schema.Array(Schema.String),
  /** The content of the file. */
  bytes: Schema.Uint8ArrayFromBase64
}) {}
