/** An error of each class. */
import * as Schema from "effect/Schema"
import * as Errors from "../src/PackageManagerError.js"

/** The values of the fields that are not texts. */
const others: Readonly<Record<string, unknown>> = {
  evidence: { command: [], exitCode: 1, signal: null, stdout: "", stderr: "" },
  holder: null,
  supported: [],
  packages: [],
  command: [],
  limit: 1
}

interface Given {
  /** The text of each field that is one. */
  readonly text?: string
  readonly environment?: string
  readonly evidence?: Errors.Evidence
}

const decode = Schema.decodeUnknownSync(Errors.PackageManagerError)

/** Decoded, since the constructors of a union have no common type. With `text`, also the optional fields and lists have it. */
export const samples = (given: Given = {}): ReadonlyArray<Errors.PackageManagerError> =>
  Errors.PackageManagerError.members.map(({ _tag, fields }) => {
    const { environment = "/e", evidence = others.evidence, text } = given
    const value = (name: string) => {
      if (text === undefined || !(name in others)) return name in others ? others[name] : text ?? "text"
      if (name === "holder") return { operation: text, since: 1 }
      return name === "limit" ? 1 : [text]
    }
    const names = Object.entries(fields)
      .filter(([name, field]) => text === undefined ? Schema.isSchema(field) : !["line", "column"].includes(name))
      .map(([name]) => name)
    return decode({
      ...Object.fromEntries(names.map((name) => [name, name === "key" ? [text] : value(name)])),
      ...names.includes("evidence") ? { evidence } : {},
      _tag,
      manager: "pixi",
      operation: "install",
      environment
    })
  })
