/**
 * Bytes of generated files.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"

/**
 * Bytes in memory of their own, as WebCrypto and `Blob` require them.
 *
 * @since 0.1.0
 * @category models
 */
export type Bytes = Uint8Array<ArrayBuffer>

/**
 * Files by path.
 *
 * @since 0.1.0
 * @category models
 */
export type Files = Readonly<Record<string, Bytes>>

/**
 * The bytes of a text in UTF-8.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = (text: string): Bytes => new TextEncoder().encode(text)

/**
 * Incompressible bytes.
 *
 * @since 0.1.0
 * @category operations
 */
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

/**
 * Little-endian 16-bit numbers.
 *
 * @since 0.1.0
 * @category operations
 */
export const u16 = (...values: ReadonlyArray<number>): Bytes =>
  Uint8Array.from(values.flatMap((value) => [value, value >>> 8]))

/**
 * Little-endian 32-bit numbers.
 *
 * @since 0.1.0
 * @category operations
 */
export const u32 = (...values: ReadonlyArray<number>): Bytes =>
  Uint8Array.from(values.flatMap((value) => [value, value >>> 8, value >>> 16, value >>> 24]))

/**
 * All parts in one array.
 *
 * @since 0.1.0
 * @category operations
 */
export const concat = (...parts: ReadonlyArray<Bytes>): Bytes => {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}

/**
 * The SHA-256 digest, as 32 bytes.
 *
 * @since 0.1.0
 * @category operations
 */
export const sha256 = (bytes: Bytes): Effect.Effect<Bytes> =>
  Effect.map(
    Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", bytes)),
    (digest) => new Uint8Array(digest)
  )
