/**
 * Reads the configuration of an application from environment variables and from `config.yaml`.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { isNotFound } from "./driver/transaction/FileErrors.js"

/** Always an own field: on Bun, an `Error` has `line` and `column` of the engine. */
const counted = Schema.optional(Schema.Number).pipe(Schema.withConstructorDefault(() => undefined))

/**
 * The configuration file cannot be read or is invalid.
 *
 * @since 0.1.0
 * @category errors
 */
export class ConfigFileInvalid extends Schema.TaggedError<ConfigFileInvalid>("@darb/package-manager/ConfigFileInvalid")(
  "ConfigFileInvalid",
  {
    file: Schema.String,
    /** Counted from 1. */
    line: counted,
    /** Counted from 1. */
    column: counted,
    reason: Schema.String
  }
) {
  override get message() {
    const place = this.line === undefined ? this.file : `${this.file}:${this.line}:${this.column ?? 1}`
    return `${place}: ${this.reason}`
  }
}

/**
 * Where the configuration file is.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** The path of the file, which must exist. By default `config.yaml` in the working directory, if it exists. */
  readonly file?: string | undefined
}

/** The section of this library. All other keys belong to the application. */
const Section = Schema.Struct(
  { default_type: Schema.optional(Schema.String), environments_root: Schema.optional(Schema.String) },
  // The executable of each manager, such as `pixi_path`.
  { key: Schema.TemplateLiteral(Schema.String, "_path"), value: Schema.String }
)

/**
 * A `ConfigProvider` in which environment variables take precedence over the file. For example,
 * `PACKAGE_MANAGER_DEFAULT_TYPE`, `PACKAGE_MANAGER_PIXI_PATH` and `PACKAGE_MANAGER_ENVIRONMENTS_ROOT` override
 * `package_manager.default_type`, `package_manager.pixi_path` and `package_manager.environments_root`.
 *
 * @since 0.1.0
 * @category operations
 */
export const provider = Effect.fn("ConfigFile.provider")(function*({ file }: Options = {}) {
  const environment = ConfigProvider.constantCase(ConfigProvider.fromEnv())
  const content = yield* read(file)
  return content === undefined
    ? environment
    : ConfigProvider.orElse(environment, () => ConfigProvider.fromJson(content))
})

/**
 * Sets the provider for everything that is built with this layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Options): Layer.Layer<never, ConfigFileInvalid, FileSystem.FileSystem> =>
  Layer.unwrapEffect(Effect.map(provider(options), Layer.setConfigProvider))

const read = Effect.fnUntraced(function*(path: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const file = path ?? "config.yaml"
  const invalid = (reason: string) => new ConfigFileInvalid({ file, reason })
  const text = yield* fs.readFileString(file).pipe(
    Effect.catchAll((error) =>
      isNotFound(error) && path === undefined
        ? Effect.succeed(undefined)
        : Effect.fail(invalid(isNotFound(error) ? "the file does not exist" : error.message))
    )
  )
  if (text === undefined) return undefined
  const parsed = yield* parse(file, text)
  if (isCyclic(parsed)) return yield* invalid("it refers to itself")
  const content = withoutNulls(parsed)
  if (!Predicate.isReadonlyRecord(content)) return yield* invalid("it is not a mapping of keys to values")
  yield* Schema.decodeUnknown(Section, { onExcessProperty: "error" })(content.package_manager ?? {}).pipe(
    Effect.mapError((error) => invalid(reasonOf(error)))
  )
  return content
})

/** Nested aliases can expand without bound. */
const maxAliases = 20

const isCyclic = (value: unknown, ancestors: ReadonlyArray<unknown> = []): boolean =>
  typeof value === "object" && value !== null &&
  (ancestors.includes(value) || Object.values(value).some((item) => isCyclic(item, [...ancestors, value])))

/** A key without a value counts as absent: `ConfigProvider.fromJson` does not accept `null`. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls)
  if (!Predicate.isReadonlyRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== null).map(([key, item]) => [key, withoutNulls(item)])
  )
}

const reasonOf = (error: ParseResult.ParseError): string => {
  const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
  return `${["package_manager", ...issue?.path ?? []].join(".")}: ${issue?.message}`
}

const parse = Effect.fnUntraced(function*(file: string, text: string) {
  // Most applications have no such file.
  const Yaml = yield* Effect.promise(() => import("js-yaml"))
  return yield* Effect.try({
    // A file that is empty or has only comments contains no document.
    try: () => Yaml.loadAll(text, { schema: Yaml.CORE_SCHEMA, maxAliases })[0] ?? {},
    catch: (error) => {
      if (!(error instanceof Yaml.YAMLException)) return new ConfigFileInvalid({ file, reason: String(error) })
      const { mark, reason } = error
      return new ConfigFileInvalid({
        file,
        reason,
        ...(mark === undefined ? {} : { line: mark.line + 1, column: mark.column + 1 })
      })
    }
  })
})
