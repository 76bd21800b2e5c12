/**
 * Packages in the `.conda` format. The same contents give the same bytes.
 *
 * @module
 * @since 0.1.0
 */
import * as Bytes from "./Bytes.js"
import * as Zip from "./Zip.js"

/**
 * A `.conda` file: an uncompressed ZIP of the files to link and of the metadata.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  stem: string,
  contents: {
    readonly info: Bytes.Files
    readonly files: Bytes.Files
    /** The targets of symbolic links by path. */
    readonly links?: Readonly<Record<string, string>> | undefined
  }
): Bytes.Bytes =>
  Zip.make({
    "metadata.json": Bytes.encode(`{"conda_pkg_format_version":2}`),
    [`pkg-${stem}.tar.zst`]: zstd(tar(contents.files, contents.links)),
    [`info-${stem}.tar.zst`]: zstd(tar(contents.info))
  })

/** A Zstandard frame of raw blocks: content size in 4 bytes, one segment, no checksum. */
const zstd = (content: Bytes.Bytes): Bytes.Bytes => {
  const blockSize = 128 * 1024
  const blocks: Array<Bytes.Bytes> = []
  for (let start = 0; start < content.length; start += blockSize) {
    const block = content.subarray(start, start + blockSize)
    const last = start + blockSize >= content.length
    blocks.push(Bytes.u32(block.length << 3 | (last ? 1 : 0)).subarray(0, 3), block)
  }
  return Bytes.concat(Bytes.u32(0xfd2fb528), Uint8Array.of(0xa0), Bytes.u32(content.length), ...blocks)
}

const tar = (files: Bytes.Files, links: Readonly<Record<string, string>> = {}): Bytes.Bytes =>
  Bytes.concat(
    ...Object.entries(links).map(([path, target]) => tarHeader(path, 0, target)),
    ...Object.entries(files).flatMap(([path, bytes]) => [
      tarHeader(path, bytes.length),
      bytes,
      new Uint8Array(-bytes.length & 511)
    ]),
    new Uint8Array(1024)
  )

const tarHeader = (path: string, size: number, link?: string): Bytes.Bytes => {
  const header = new Uint8Array(512)
  const name = Bytes.encode(path)
  if (name.length > 100) throw new RangeError(`A path of more than 100 bytes: ${path}`)
  const octal = (value: number, digits: number) => Bytes.encode(value.toString(8).padStart(digits, "0"))
  header.set(name)
  header.set(octal(0o644, 7), 100)
  header.set(octal(0, 7), 108)
  header.set(octal(0, 7), 116)
  header.set(octal(size, 11), 124)
  header.set(octal(0, 11), 136)
  if (link !== undefined) header.set(Bytes.encode(link), 157)
  // The checksum is computed with spaces in its own field. The type follows it.
  header.set(Bytes.encode(`        ${link === undefined ? 0 : 2}`), 148)
  header.set(Bytes.encode("ustar\x0000"), 257)
  header.set(Bytes.encode(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `), 148)
  return header
}
