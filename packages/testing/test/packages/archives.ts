/** What the tests of package files share. */
import { assert } from "@effect/vitest"
import { createHash } from "node:crypto"
import { crc32 } from "node:zlib"

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

/** The entries of a ZIP whose directory and local headers agree. */
export const unzip = (bytes: Uint8Array): Map<string, Buffer> => {
  const zip = Buffer.from(bytes)
  const end = zip.length - 22
  assert.strictEqual(zip.readUInt32LE(end), 0x06054b50)
  const entries = new Map<string, Buffer>()
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    assert.strictEqual(zip.readUInt32LE(at), 0x02014b50)
    const size = zip.readUInt32LE(at + 20)
    const nameLength = zip.readUInt16LE(at + 28)
    const local = zip.readUInt32LE(at + 42)
    assert.strictEqual(zip.readUInt32LE(local), 0x04034b50)
    assert.deepStrictEqual(zip.subarray(local + 4, local + 30), zip.subarray(at + 6, at + 32))
    const data = local + 30 + nameLength
    const name = zip.toString("utf8", local + 30, data)
    assert.strictEqual(zip.toString("utf8", at + 46, at + 46 + nameLength), name)
    const content = zip.subarray(data, data + size)
    assert.strictEqual(zip.readUInt32LE(at + 16), crc32(content))
    entries.set(name, content)
    at += 46 + nameLength
  }
  assert.strictEqual(at, end)
  return entries
}
