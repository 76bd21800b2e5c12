import * as Pep508 from "@darb/python/Pep508"
import { assert, describe, it } from "@effect/vitest"
import * as Status from "../src/Status.js"

const conda = (name: string, version: string | null = "1.0", build: string | null = "0"): Status.Identity => ({
  kind: "conda",
  name,
  version,
  build
})

const pypi = (name: string, version: string | null = "1.0"): Status.Identity => ({
  kind: "pypi",
  name,
  version,
  build: null
})

/** As drivers compare versions of Python packages. */
const isSameVersion = ({ kind, version }: Status.Identity, installed: string) =>
  kind === "pypi" && version !== null && Pep508.isSameVersion(version, installed)

const between = (sides: Partial<Status.Sides>) => {
  const status = Status.between({ environment: "/e", asked: [], locked: [], installed: [], isSameVersion, ...sides })
  assert.strictEqual(status.environment, "/e")
  const { different, lock, missing, prefix, unexpected, unlocked } = status
  return { lock, prefix, unlocked, missing, different, unexpected }
}

const same = { lock: "present", prefix: "matches", unlocked: [], missing: [], different: [], unexpected: [] } as const

describe("Status", () => {
  it("of what is asked for, locked and installed", () => {
    const all = [conda("b"), pypi("a")]
    assert.deepStrictEqual(between({ asked: all, locked: all, installed: [...all].reverse() }), same)
    assert.deepStrictEqual(between({}), same)
  })

  it("without a lock file, all that is installed is unexpected, and nothing is known to be unlocked", () => {
    assert.deepStrictEqual(between({ asked: [conda("a")], locked: undefined, installed: [conda("a")] }), {
      ...same,
      lock: "absent",
      prefix: "differs",
      unexpected: ["a"]
    })
    assert.deepStrictEqual(between({ asked: [conda("a")], locked: undefined, installed: undefined }), {
      ...same,
      lock: "absent",
      prefix: "absent"
    })
  })

  it("names what the lock file lacks, by kind", () => {
    const { lock, prefix, unlocked } = between({
      asked: [conda("z"), pypi("a"), conda("b"), conda("z")],
      locked: [conda("a"), conda("b")],
      installed: [conda("a"), conda("b")]
    })
    assert.deepStrictEqual([lock, prefix, unlocked], ["outdated", "matches", ["a", "z"]])
  })

  it("of what never was installed is absent, and all is missing", () => {
    assert.deepStrictEqual(between({ locked: [conda("b"), pypi("a")], installed: undefined }), {
      ...same,
      prefix: "absent",
      missing: ["a", "b"]
    })
  })

  it("tells what is missing, different and unexpected apart", () => {
    assert.deepStrictEqual(
      between({
        locked: [conda("z", "1.0"), conda("b", "1.0", "h0"), conda("c"), pypi("d", "2")],
        installed: [conda("z", "2.0"), conda("b", "1.0", "h1"), pypi("c"), pypi("d", "3")]
      }),
      {
        ...same,
        prefix: "differs",
        missing: ["c"],
        unexpected: ["c"],
        different: [
          { name: "b", locked: "1.0 h0", installed: "1.0 h1" },
          { name: "d", locked: "2", installed: "3" },
          { name: "z", locked: "1.0 0", installed: "2.0 0" }
        ]
      }
    )
  })

  it("takes any version for what has none in the lock file", () => {
    assert.deepStrictEqual(
      between({
        locked: [conda("a", null, null), conda("b", "1.0", null), pypi("c", null)],
        installed: [conda("a"), conda("b"), pypi("c")]
      }),
      same
    )
  })

  it("compares versions of Python by what they mean, and those of conda by what they are", () => {
    const spellings = (kind: typeof pypi) =>
      between({ locked: [kind("a", "2.0b1")], installed: [kind("a", "2.0-beta1")] })
    assert.deepStrictEqual(spellings(pypi), same)
    assert.strictEqual(spellings(conda).prefix, "differs")
    assert.deepStrictEqual(
      between({ locked: [pypi("a", "1.0+cpu")], installed: [pypi("a", "1.0+cu118")] }).different,
      [{ name: "a", locked: "1.0+cpu", installed: "1.0+cu118" }]
    )
    assert.strictEqual(between({ locked: [pypi("a", "odd")], installed: [pypi("a", "other")] }).prefix, "differs")
  })

  it("allows what is optional, in its versions", () => {
    const given = { locked: [pypi("a")], optional: [pypi("b", "1"), pypi("b", "2")] }
    assert.deepStrictEqual(between({ ...given, installed: [pypi("a")] }), same)
    assert.deepStrictEqual(between({ ...given, installed: [pypi("a"), pypi("b", "2")] }), same)
    assert.deepStrictEqual(between({ ...given, installed: [pypi("a"), pypi("b", "3")] }), {
      ...same,
      prefix: "differs",
      different: [{ name: "b", locked: "1", installed: "3" }]
    })
    assert.strictEqual(between({ ...given, asked: [pypi("b")], installed: [pypi("a")] }).lock, "present")
  })
})
