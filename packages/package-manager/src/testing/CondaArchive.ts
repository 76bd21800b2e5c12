/** The bytes of a package file in the `.conda` format. Pure, and always the same for the same contents. */

export type Bytes = Uint8Array<ArrayBuffer>

/** Files by path. */
export type Files = Readonly<Record<string, Bytes>>

/** A `.conda` file: a ZIP of what is linked and of what describes it, nothing compressed. */
export const make = (stem: string, contents: { readonly info: Files; readonly files: Files }): Bytes =>
  zip({
    "metadata.json": encode(`{"conda_pkg_format_version":2}`),
    [`pkg-${stem}.tar.zst`]: zstd(tar(contents.files)),
    [`info-${stem}.tar.zst`]: zstd(tar(contents.info))
  })

export const encode = (text: string): Bytes => new TextEncoder().encode(text)

/** Bytes that do not compress. */
export const filler = (length: number): Bytes => {
  const bytes = new Uint8Array(length)
  let state = 1
  for (let i = 0; i < length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state
  }
  return bytes
}

/** Stored entries with their sizes in front of them: a reader that streams can do without the directory at the end. */
const zip = (files: Files): Bytes => {
  const entries: Array<Bytes> = []
  const directory: Array<Bytes> = []
  let offset = 0
  for (const [path, bytes] of Object.entries(files)) {
    const name = encode(path)
    const sizes = [bytes.length, bytes.length]
    // Version 2.0, no flags, stored, at 0:00 on 1980-01-01.
    const header = concat(u16(20, 0, 0, 0, 0x21), u32(crc32(bytes), ...sizes), u16(name.length, 0))
    const entry = concat(u32(0x04034b50), header, name, bytes)
    entries.push(entry)
    directory.push(concat(u32(0x02014b50), u16(20), header, u16(0, 0, 0), u32(0, offset), name))
    offset += entry.length
  }
  const central = concat(...directory)
  const end = concat(
    u32(0x06054b50),
    u16(0, 0, directory.length, directory.length),
    u32(central.length, offset),
    u16(0)
  )
  return concat(...entries, central, end)
}

/** A frame of raw blocks: the size of its content in 4 bytes, one segment, no checksum. */
const zstd = (content: Bytes): Bytes => {
  const blockSize = 128 * 1024
  const blocks: Array<Bytes> = []
  for (let start = 0; start < content.length; start += blockSize) {
    const block = content.subarray(start, start + blockSize)
    const last = start + blockSize >= content.length
    blocks.push(u32(block.length << 3 | (last ? 1 : 0)).subarray(0, 3), block)
  }
  return concat(u32(0xfd2fb528), Uint8Array.of(0xa0), u32(content.length), ...blocks)
}

const tar = (files: Files): Bytes =>
  concat(
    ...Object.entries(files).flatMap(([path, bytes]) => [
      tarHeader(path, bytes.length),
      bytes,
      new Uint8Array(-bytes.length & 511)
    ]),
    new Uint8Array(1024)
  )

const tarHeader = (path: string, size: number): Bytes => {
  const header = new Uint8Array(512)
  const name = encode(path)
  if (name.length > 100) throw new RangeError(`A path of more than 100 bytes: ${path}`)
  const octal = (value: number, digits: number) => encode(value.toString(8).padStart(digits, "0"))
  header.set(name)
  header.set(octal(0o644, 7), 100)
  header.set(octal(0, 7), 108)
  header.set(octal(0, 7), 116)
  header.set(octal(size, 11), 124)
  header.set(octal(0, 11), 136)
  // The sum is taken with spaces in its own place.
  header.set(encode("        0"), 148)
  header.set(encode("ustar\x0000"), 257)
  header.set(encode(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `), 148)
  return header
}

const crc32 = (bytes: Bytes): number => {
  let crc = ~0
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255]! ^ crc >>> 8
  return ~crc
}

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1
  return crc
})

const u16 = (...values: ReadonlyArray<number>): Bytes =>
  Uint8Array.from(values.flatMap((value) => [value, value >>> 8]))

const u32 = (...values: ReadonlyArray<number>): Bytes =>
  Uint8Array.from(values.flatMap((value) => [value, value >>> 8, value >>> 16, value >>> 24]))

const concat = (...parts: ReadonlyArray<Bytes>): Bytes => {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
