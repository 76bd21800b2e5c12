// @ts-check
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { bringPixi } from "../src/pixi.js"
import { failureOf, makeArchive, makeDirectory, makeMachine, refusing, serve, writeScript } from "./support.js"

/** @typedef {import("./support.js").Machine} Machine */

const archive = makeArchive(["pixi"])
const sha256 = createHash("sha256").update(archive).digest("hex")
const release = { version: "9.9.9", assets: { "linux-x64": { name: "pixi.tar.gz", sha256 } } }

const makeServer = async () => {
  /** @type {Array<string | undefined>} */
  const requests = []
  const url = await serve((request, response) => {
    requests.push(request.url)
    response.end(archive)
  })
  return { requests, url }
}

/** @param {Machine} machine */
const kept = ({ cache }) => existsSync(cache) ? readdirSync(cache) : []

const makeCrate = () => {
  const crate = makeDirectory()
  mkdirSync(join(crate, "src"))
  writeFileSync(join(crate, "Cargo.toml"), "version = \"0.1.0\"\n")
  writeFileSync(join(crate, "Cargo.lock"), "")
  writeFileSync(join(crate, "src", "main.rs"), "")
  return crate
}

/**
 * Puts a cargo on PATH that notes what it is asked for.
 *
 * @param {Machine} machine
 */
const installCargo = ({ bin }) => {
  const log = join(bin, "cargo.log")
  const artifact = (/** @type {object} */ fields) => JSON.stringify({ reason: "compiler-artifact", ...fields })
  writeScript(
    join(bin, "cargo"),
    `
echo "$@" >> ${log}
if [ "$1" = tree ]; then
  printf 'darb-pixi v0.1.0 (/crate)\\nlibc v1.0.0\\nlibc v1.0.0 (*)\\n'
else
  /bin/mkdir -p "$CARGO_TARGET_DIR"
  printf '#!/bin/sh\\necho pixi 0.1.0\\n' > "$CARGO_TARGET_DIR/pixi"
  /bin/chmod 755 "$CARGO_TARGET_DIR/pixi"
  echo '${artifact({ package_id: "libc", target: { kind: ["custom-build"] }, executable: null })}'
  echo '${artifact({ package_id: "libc", target: { kind: ["lib"] }, executable: null })}'
  echo '${artifact({ package_id: "pixi", target: { kind: ["bin"] }, executable: "TARGET/pixi" })}' |
    /bin/sed "s|TARGET|$CARGO_TARGET_DIR|"
  echo '{"reason":"build-finished","success":true}'
fi`
  )
  return () => existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []
}

describe("the release", () => {
  it("is downloaded once", async () => {
    const machine = makeMachine()
    const { requests, url } = await makeServer()
    machine.env.DARB_RELEASES_URL = `${url}/`
    const path = await bringPixi({ ...machine, release })
    assert.strictEqual(path, join(machine.cache, "pixi-9.9.9-linux-x64"))
    assert.strictEqual(readFileSync(path, "utf8"), "#!/bin/sh\necho pixi 9.9.9\n")
    assert.strictEqual(statSync(path).mode & 0o777, 0o755)
    assert.strictEqual(await bringPixi({ ...machine, release }), path)
    assert.deepStrictEqual(requests, ["/v9.9.9/pixi.tar.gz"])
    assert.deepStrictEqual(kept(machine), ["pixi-9.9.9-linux-x64"])
    assert.strictEqual(machine.output[0], "pixi: downloading 9.9.9 for linux-x64 …\n")
  })

  it("may be brought twice at once", async () => {
    const machine = makeMachine()
    machine.env.DARB_RELEASES_URL = (await makeServer()).url
    const paths = await Promise.all([bringPixi({ ...machine, release }), bringPixi({ ...machine, release })])
    assert.strictEqual(paths[0], paths[1])
    assert.deepStrictEqual(kept(machine), ["pixi-9.9.9-linux-x64"])
  })

  it("replaces a cached file that does not work", async () => {
    const machine = makeMachine()
    machine.limits.version = 2_000
    machine.env.DARB_RELEASES_URL = (await makeServer()).url
    const path = join(machine.cache, "pixi-9.9.9-linux-x64")
    for (const script of ["exit 1", "echo pixi 1.0.0", "exec /bin/sleep 30"]) {
      writeScript(path, script)
      assert.strictEqual(await bringPixi({ ...machine, release }), path)
      assert.strictEqual(readFileSync(path, "utf8"), "#!/bin/sh\necho pixi 9.9.9\n")
    }
  })

  it("with another hash is an error, and is not kept", async () => {
    const machine = makeMachine()
    const cargoRuns = installCargo(machine)
    const other = makeArchive(["other"])
    const url = await serve((_, response) => response.end(other))
    machine.env.DARB_RELEASES_URL = url
    const error = await failureOf(bringPixi({ ...machine, crate: makeCrate(), release }))
    assert.include(error.message, `${url}/v9.9.9/pixi.tar.gz`)
    assert.include(error.message, sha256)
    assert.include(error.message, createHash("sha256").update(other).digest("hex"))
    assert.deepStrictEqual(kept(machine), [])
    assert.deepStrictEqual(cargoRuns(), [])
  })
})

describe("a download that does not come about", () => {
  /** @type {Record<string, [string, import("node:http").RequestListener]>} */
  const servers = {
    "not found": ["HTTP status 404", (_, response) => response.writeHead(404).end()],
    "cut short": ["", (_, response) => {
      response.writeHead(200, { "content-length": archive.length })
      response.write(archive.subarray(0, 20), () => response.destroy())
    }],
    "never answered": ["nothing came for 0.2 s", () => {}],
    "stalled": ["nothing came for 0.2 s", (_, response) => {
      response.writeHead(200, { "content-length": archive.length })
      response.write(archive.subarray(0, 20))
    }]
  }

  for (const [name, [reason, listener]] of Object.entries(servers)) {
    it(`leaves nothing behind when it is ${name}`, async () => {
      const machine = makeMachine()
      const url = await serve(listener)
      machine.env.DARB_RELEASES_URL = url
      if (reason.endsWith(" 0.2 s")) machine.limits.stall = 200
      const error = await failureOf(bringPixi({ ...machine, crate: makeCrate(), release }))
      assert.include(error.message, `${url}/v9.9.9/pixi.tar.gz cannot be downloaded: ${reason}`)
      assert.deepStrictEqual(kept(machine), [])
    })
  }

  it("leads to a message that says what to do", async () => {
    const machine = makeMachine()
    machine.env.DARB_RELEASES_URL = await refusing()
    machine.env.HTTPS_PROXY = "http://proxy:3128"
    const { message } = await failureOf(bringPixi({ ...machine, crate: makeCrate(), release }))
    const parts = [
      "ECONNREFUSED",
      "HTTPS_PROXY is set",
      "cargo is not on PATH",
      "Install pixi",
      "DARB_PIXI_PATH",
      "rustup"
    ]
    for (const part of parts) assert.include(message, part)
    assert.notInclude(message, "\n")
  })
})

describe("pixi from crates.io", () => {
  it("is built once if the release cannot be downloaded", async () => {
    const machine = makeMachine()
    const cargoRuns = installCargo(machine)
    machine.env.DARB_RELEASES_URL = await refusing()
    const crate = makeCrate()
    const path = await bringPixi({ ...machine, crate, release })
    assert.strictEqual(readFileSync(path, "utf8"), "#!/bin/sh\necho pixi 0.1.0\n")
    assert.strictEqual(await bringPixi({ ...machine, crate, release }), path)
    assert.deepStrictEqual(cargoRuns(), [
      "tree --locked --edges normal,build --prefix none",
      "build --locked --message-format json-render-diagnostics"
    ])
    assert.strictEqual(machine.output.at(-1), "pixi: using 0.1.0, which was built from crates.io\n")
  })

  it("is built again when the crate has changed", async () => {
    const machine = makeMachine()
    const cargoRuns = installCargo(machine)
    machine.env.DARB_RELEASES_URL = await refusing()
    const crate = makeCrate()
    const before = await bringPixi({ ...machine, crate, release })
    writeFileSync(join(crate, "Cargo.lock"), "# changed\n")
    const after = await bringPixi({ ...machine, crate, release })
    assert.notStrictEqual(after, before)
    assert.lengthOf(cargoRuns(), 4)
  })

  it("gives way to the release as soon as that can be downloaded", async () => {
    const machine = makeMachine()
    installCargo(machine)
    machine.env.DARB_RELEASES_URL = await refusing()
    const crate = makeCrate()
    await bringPixi({ ...machine, crate, release })
    machine.env.DARB_RELEASES_URL = (await makeServer()).url
    assert.strictEqual(await bringPixi({ ...machine, crate, release }), join(machine.cache, "pixi-9.9.9-linux-x64"))
  })

  it("is built for a platform that has no release", async () => {
    const machine = { ...makeMachine(), platform: "linux-riscv64" }
    installCargo(machine)
    const path = await bringPixi({ ...machine, crate: makeCrate(), release })
    assert.match(path, /pixi-0\.1\.0-[0-9a-f]{12}-linux-riscv64$/)
  })

  it("that cannot be built shows what cargo said", async () => {
    const machine = makeMachine()
    writeScript(join(machine.bin, "cargo"), "echo 'error: no Internet' >&2; exit 101")
    machine.env.DARB_RELEASES_URL = await refusing()
    const error = await failureOf(bringPixi({ ...machine, crate: makeCrate(), release }))
    assert.include(machine.output, "  error: no Internet\n")
    assert.include(
      error.message,
      "0.1.0 cannot be built from crates.io: cargo tree --locked ended with exit code 101. "
    )
  })
})
