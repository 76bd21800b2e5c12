// @ts-check
/** The pinned release of pixi. */
/**
 * @typedef {object} Asset
 * @property {string} name
 * @property {string} sha256 of the archive
 */

/**
 * @typedef {object} Release
 * @property {string} version
 * @property {Readonly<Record<string, Asset>>} assets by platform
 */

/**
 * The release to download. Each archive contains one file, the executable. For another version, take the hashes from its
 * `sha256.sum`.
 *
 * @type {Release}
 */
export const pixiRelease = {
  version: "0.75.0",
  assets: {
    "linux-x64": {
      name: "pixi-x86_64-unknown-linux-musl.tar.gz",
      sha256: "bcd825d62905c29b3c754b71f9cdc9d6f119454398f58330f111a7b6a0de0a3f"
    },
    "linux-arm64": {
      name: "pixi-aarch64-unknown-linux-musl.tar.gz",
      sha256: "6476588859faa7232def49ff590f199390bd93fae3826617596befc52382724f"
    },
    "darwin-x64": {
      name: "pixi-x86_64-apple-darwin.tar.gz",
      sha256: "f129e890366ad5502304c8f863cc5585d82143b64731f36bcd1283a27781097e"
    },
    "darwin-arm64": {
      name: "pixi-aarch64-apple-darwin.tar.gz",
      sha256: "52a43f9268f3accb7155cf229937f2f5333559b1333615d610362c6151fded66"
    },
    "win32-x64": {
      name: "pixi-x86_64-pc-windows-msvc.zip",
      sha256: "0c478f9efcb0f8ba984b21c3fa9f484a3d098fc9a46be896f0ac260939ddeaa9"
    }
  }
}
