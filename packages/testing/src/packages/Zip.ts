/**
 * Uncompressed ZIP archives. The same files give the same bytes.
 *
 * @module
 * @since 0.1.0
 */
import * as Bytes from "./Bytes.js"

/**
 * Stored entries with their sizes in front, so that they can be read as a stream.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (files: Bytes.Files): Bytes.Bytes => {
  const entries: Array<Bytes.Bytes> = []
  const directory: Array<Bytes.Bytes> = []
  let offset = 0
  for (const [path, bytes] of Object.entries(files)) {
    const name = Bytes.encode(path)
    const sizes = [bytes.length, bytes.length]
    // Version 2.0, no flags, stored, at 0:00 on 1980-01-01.
    const header = Bytes.concat(
      Bytes.u16(20, 0, 0, 0, 0x21),
      Bytes.u32(crc32(bytes), ...sizes),
      Bytes.u16(name.length, 0)
    )
    const entry = Bytes.concat(Bytes.u32(0x04034b50), header, name, bytes)
    entries.push(entry)
    directory.push(
      Bytes.concat(Bytes.u32(0x02014b50), Bytes.u16(20), header, Bytes.u16(0, 0, 0), Bytes.u32(0, offset), name)
    )
    offset += entry.length
  }
  const central = Bytes.concat(...directory)
  const end = Bytes.concat(
    Bytes.u32(0x06054b50),
    Bytes.u16(0, 0, directory.length, directory.length),
    Bytes.u32(central.length, offset),
    Bytes.u16(0)
  )
  return Bytes.concat(...entries, central, end)
}

const crc32 = (bytes: Bytes.Bytes): number => {
  let crc = ~0
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255]! ^ crc >>> 8
  return ~crc
}

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1
  return crc
})
