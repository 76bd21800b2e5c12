import * as NodeContext from "@effect/platform-node/NodeContext"
import { SystemError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import { execFileSync } from "node:child_process"
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as UvPrefix from "../../src/prefix/UvPrefix.js"

const site = "lib/python3.11/site-packages"

const metadata = (name: string, version = "1.0") => `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`

type Needs = FileSystem.FileSystem | Path.Path

const inDirectory = <A, E>(
  test: (
    directory: string,
    write: (file: string, content: string | Uint8Array) => void
  ) => Effect.Effect<A, E, NodeContext.NodeContext>
) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const directory = yield* fs.makeTempDirectoryScoped({ prefix: "darb-uv-prefix-" })
    return yield* test(directory, (file, content) => {
      mkdirSync(dirname(join(directory, file)), { recursive: true })
      writeFileSync(join(directory, file), content)
    })
  }).pipe(Effect.scoped, Effect.provide(NodeContext.layer))

const installed = (name: string, more: Partial<UvPrefix.InstalledPackage> = {}): UvPrefix.InstalledPackage => ({
  name,
  version: "1.0",
  installer: null,
  location: null,
  editable: false,
  ...more
})

const names = (packages: ReadonlyArray<UvPrefix.InstalledPackage>) => packages.map(({ name }) => name)

/** What is broken, below `site-packages`. */
const brokenIn = (directory: string) =>
  Effect.map(
    UvPrefix.inspect(directory),
    ({ broken }) => broken.map(({ file, reason }) => [file.slice(join(directory, site).length + 1), reason] as const)
  )

const failure = <A, R>(directory: string, effect: Effect.Effect<A, UvPrefix.UvPrefixError, R>) =>
  Effect.map(Effect.flip(effect), ({ file, message, reason }) => {
    assert.strictEqual(message, `${file}: ${reason}`)
    return { file: file.slice(directory.length + 1), reason }
  })

describe("UvPrefix.read", () => {
  it.effect("reads packages whoever installed them, sorted and with names and versions as uv writes them", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        write(`${site}/Zope.Inter__face-1.0.dist-info/METADATA`, metadata("Zope.Inter__face"))
        write(`${site}/Zope.Inter__face-1.0.dist-info/INSTALLER`, "uv")
        write(`${site}/six-1.0.dist-info/METADATA`, metadata("six").replaceAll("\n", "\r\n"))
        write(`${site}/six-1.0.dist-info/INSTALLER`, "pip\r\n")
        write(`${site}/odd-1.0.dist-info/METADATA`, metadata("odd", "v2024.01.02-RC1"))
        write(`${site}/odd-1.0.dist-info/INSTALLER`, "\n")
        write(`${site}/twice-10.0.dist-info/METADATA`, metadata("twice", "10.0"))
        write(`${site}/twice-9.0.dist-info/METADATA`, metadata("twice", "9.0"))
        write(`${site}/six.py`, "")
        write(`${site}/_virtualenv.pth`, "import _virtualenv")
        assert.deepStrictEqual(yield* UvPrefix.read(directory), [
          installed("odd", { version: "2024.1.2rc1" }),
          installed("six", { installer: "pip" }),
          installed("twice", { version: "9.0" }),
          installed("twice", { version: "10.0" }),
          installed("zope-inter-face", { installer: "uv" })
        ])
        assert.deepStrictEqual(yield* UvPrefix.inspect(directory), {
          packages: yield* UvPrefix.read(directory),
          broken: []
        })
      })
    ))

  it.effect("tells where a package is from, without credentials, and whether it is editable", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const origins = {
          a: { url: "file:///src/a%20b", dir_info: { editable: true } },
          b: { url: "file:///src/b", dir_info: {} },
          c: { url: "https://user:secret@host/c-1.0.whl", archive_info: {} },
          d: { url: "https://host/d.git/", vcs_info: { vcs: "git", commit_id: "0" }, dir_info: null },
          e: { url: "file:///src/e", dir_info: { editable: "yes" } }
        }
        for (const [name, origin] of Object.entries(origins)) {
          write(`${site}/${name}-1.0.dist-info/METADATA`, metadata(name))
          write(`${site}/${name}-1.0.dist-info/direct_url.json`, JSON.stringify(origin))
        }
        assert.deepStrictEqual(yield* UvPrefix.read(directory), [
          installed("a", { location: "file:///src/a%20b", editable: true }),
          installed("b", { location: "file:///src/b" }),
          installed("c", { location: "https://host/c-1.0.whl" }),
          installed("d", { location: "https://host/d.git" }),
          installed("e", { location: "file:///src/e" })
        ])
      })
    ))

  it.effect("reads each place once, wherever Python has its packages", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        write(`${site}/a-1.0.dist-info/METADATA`, metadata("a"))
        symlinkSync("lib", join(directory, "lib64"))
        symlinkSync("python3.11", join(directory, "lib/python3.1"))
        assert.deepStrictEqual(names(yield* UvPrefix.read(directory)), ["a"])
        write(`${site}/half-1.0.dist-info/RECORD`, "")
        assert.deepStrictEqual(yield* brokenIn(directory), [["half-1.0.dist-info/METADATA", "it does not exist"]])
        rmSync(join(directory, "lib64"))
        write("lib64/python3.11/site-packages/b-1.0.dist-info/METADATA", metadata("b"))
        write("Lib/site-packages/c-1.0.dist-info/METADATA", metadata("c"))
        write("lib/pypy3.11/site-packages/d-1.0.dist-info/METADATA", metadata("d"))
        write("lib/python2.7/site-packages/no-1.0.dist-info/METADATA", metadata("no"))
        write("lib/x-1.0.dist-info/METADATA", metadata("no"))
        assert.deepStrictEqual(names(yield* UvPrefix.read(directory)), ["a", "b", "c", "d"])
      })
    ))

  it.effect("leaves out what another Python left behind", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        write(`${site}/a-1.0.dist-info/METADATA`, metadata("a"))
        write("lib/python3.1/site-packages/b-1.0.dist-info/METADATA", metadata("b"))
        assert.deepStrictEqual(names(yield* UvPrefix.read(directory)), ["a", "b"])
        write("pyvenv.cfg", "nonsense")
        assert.deepStrictEqual(names(yield* UvPrefix.read(directory)), ["a", "b"])
        write("pyvenv.cfg", "home = /bin\nversion_info = 3.11.7\n")
        assert.deepStrictEqual(names(yield* UvPrefix.read(directory)), ["a"])
        write("pyvenv.cfg", "home = /bin\nversion_info = 3.1.1\n")
        assert.deepStrictEqual(names(yield* UvPrefix.read(directory)), ["b"])
        write("pyvenv.cfg", "home = /bin\nversion_info = 3.12.0\n")
        assert.deepStrictEqual(names(yield* UvPrefix.read(directory)), [])
      })
    ))

  it.effect("finds nothing where nothing is", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const nothing = { packages: [], broken: [] }
        assert.deepStrictEqual(yield* UvPrefix.inspect(join(directory, "none")), nothing)
        assert.deepStrictEqual(yield* UvPrefix.inspect(directory), nothing)
        write("pyvenv.cfg", "home = /bin\nversion_info = 3.11.7\n")
        write(`${site}/_virtualenv.py`, "")
        assert.deepStrictEqual(yield* UvPrefix.inspect(directory), nothing)
      })
    ))

  it.live(
    "reports what is no whole package, does not wait for it, and reads the others",
    () =>
      inDirectory((directory, write) =>
        Effect.gen(function*() {
          const place = (file: string) => join(directory, site, file)
          const broken: Record<string, RegExp> = {}
          const expect = (file: string, reason: RegExp, content?: string | Uint8Array) => {
            broken[file] = reason
            if (content !== undefined) write(`${site}/${file}`, content)
          }
          write(`${site}/good-1.0.dist-info/METADATA`, metadata("good"))

          mkdirSync(place("empty-1.0.dist-info"))
          expect("empty-1.0.dist-info/METADATA", /^it does not exist$/)
          write(`${site}/half-1.0.dist-info/RECORD`, "")
          expect("half-1.0.dist-info/METADATA", /^it does not exist$/)
          write(`${site}/file-1.0.dist-info`, metadata("file"))
          expect("file-1.0.dist-info/METADATA", /^it cannot be read: .*ENOTDIR/)
          write(`${site}/~oft-1.0.dist-info/METADATA`, metadata("soft"))
          expect("~oft-1.0.dist-info", /^pip renamed it/)
          expect("nothing-1.0.dist-info/METADATA", /^it has no name or no version$/, "")
          expect("body-1.0.dist-info/METADATA", /^it has no name or no version$/, "Name: body\n\nVersion: 1.0\n")
          expect("name-1.0.dist-info/METADATA", /^"\.\.\/etc" is not the name/, metadata("../etc"))
          expect("word-1.0.dist-info/METADATA", /^"2004d" is not a version$/, metadata("word", "2004d"))
          expect("long-1.0.dist-info/METADATA", /^"9{100}…" is not a version$/, metadata("long", "9".repeat(2000)))
          for (const [at, json] of ["{", "[]", "null", "{\"url\":1}", "[".repeat(200_000)].entries()) {
            write(`${site}/json${at}-1.0.dist-info/METADATA`, metadata(`json${at}`))
            expect(`json${at}-1.0.dist-info/direct_url.json`, /^it is not a JSON object with a `url`$/, json)
          }
          write(`${site}/latin-1.0.dist-info/METADATA`, metadata("latin"))
          expect(
            "latin-1.0.dist-info/direct_url.json",
            /^it is not UTF-8$/,
            Buffer.from("{\"url\":\"file:///\xe9\"}", "latin1")
          )
          write(`${site}/large-1.0.dist-info/METADATA`, metadata("large"))
          expect("large-1.0.dist-info/direct_url.json", /^it is larger than 262144 bytes$/, " ".repeat(262_145))
          expect("endless-1.0.dist-info/METADATA", /^it is larger than 4194304 bytes$/, "")
          truncateSync(place("endless-1.0.dist-info/METADATA"), 100 * 1024 * 1024)

          for (const name of ["directory", "pipe", "itself", "zero", "nowhere"]) {
            mkdirSync(place(`${name}-1.0.dist-info`))
          }
          mkdirSync(place("directory-1.0.dist-info/METADATA"))
          expect("directory-1.0.dist-info/METADATA", /^it is not a file$/)
          execFileSync("mkfifo", [place("pipe-1.0.dist-info/METADATA")])
          expect("pipe-1.0.dist-info/METADATA", /^it is not a file$/)
          symlinkSync("METADATA", place("itself-1.0.dist-info/METADATA"))
          expect("itself-1.0.dist-info/METADATA", /^it cannot be read: .*ELOOP/)
          symlinkSync("/dev/zero", place("zero-1.0.dist-info/METADATA"))
          expect("zero-1.0.dist-info/METADATA", /^it is not a file$/)
          symlinkSync("nowhere", place("nowhere-1.0.dist-info/METADATA"))
          expect("nowhere-1.0.dist-info/METADATA", /^it does not exist$/)

          const found = yield* UvPrefix.inspect(directory).pipe(Effect.timeout("20 seconds"))
          assert.deepStrictEqual(found.packages, [installed("good")])
          const reported = yield* brokenIn(directory)
          assert.deepStrictEqual(reported.map(([file]) => file), Object.keys(broken).sort())
          for (const [file, reason] of reported) assert.match(reason, broken[file] ?? /^$/, file)
          assert.deepStrictEqual(yield* UvPrefix.read(directory), found.packages)
        })
      ),
    30_000
  )

  it.effect("takes the head of a huge file, bytes that are no UTF-8, and links", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        write(`${site}/huge-1.0.dist-info/METADATA`, `${metadata("huge")}\n`)
        truncateSync(join(directory, site, "huge-1.0.dist-info/METADATA"), 100 * 1024 * 1024)
        write(
          `${site}/latin-1.0.dist-info/METADATA`,
          Buffer.from(`Author: Andr\xe9\n${metadata("latin")}\nD\xe9j\xe0 vu`, "latin1")
        )
        write(`${site}/latin-1.0.dist-info/INSTALLER`, Buffer.from([0xff]))
        write(`${site}/late-1.0.dist-info/METADATA`, `${"Classifier: é\n".repeat(2000)}Name: late\nVersion: 1.0`)
        write("cache/METADATA", metadata("linked"))
        write("cache/direct_url.json", `{"url":"file:///linked",${" ".repeat(10_000)}"dir_info":{"editable":true}}`)
        symlinkSync(join(directory, "cache"), join(directory, site, "linked-1.0.dist-info"))
        write(`${site}/file-1.0.dist-info/RECORD`, "")
        writeFileSync(join(directory, "cache", "other"), metadata("file"))
        symlinkSync(join(directory, "cache", "other"), join(directory, site, "file-1.0.dist-info/METADATA"))
        assert.deepStrictEqual(yield* UvPrefix.inspect(directory), {
          packages: [
            installed("file"),
            installed("huge"),
            installed("late"),
            installed("latin", { installer: "\ufffd" }),
            installed("linked", { location: "file:///linked", editable: true })
          ],
          broken: []
        })
      })
    ))

  it.effect("fails for what cannot be read, and names it", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const denied = (pathOrDescriptor: string) =>
          new SystemError({ reason: "PermissionDenied", module: "FileSystem", method: "x", pathOrDescriptor })
        write(`${site}/a-1.0.dist-info/METADATA`, metadata("a"))
        write(`${site}/b-1.0.dist-info/METADATA`, metadata("b"))
        const without = (name: string) =>
          Effect.provideService(FileSystem.FileSystem, {
            ...fs,
            stat: (path) => path.endsWith(name) ? denied(path) : fs.stat(path),
            readDirectory: (path) => path.endsWith(name) ? denied(path) : fs.readDirectory(path)
          })
        for (
          const file of [`${site}/b-1.0.dist-info/METADATA`, `${site}/b-1.0.dist-info/INSTALLER`, site, "lib"]
        ) {
          for (const read of [UvPrefix.read, UvPrefix.inspect]) {
            const effect: Effect.Effect<unknown, UvPrefix.UvPrefixError, Needs> = read(directory)
            const error = yield* failure(directory, without(file)(effect))
            assert.strictEqual(error.file, file)
            assert.match(error.reason, /^it cannot be read: PermissionDenied/)
          }
        }
        write("file", "")
        assert.strictEqual((yield* failure(directory, UvPrefix.read(join(directory, "file")))).file, "file")
        yield* Effect.flip(UvPrefix.read(`${directory}\0`))
      })
    ))

  it.effect("leads to a value or an error, whatever bytes are in the files", () =>
    inDirectory((directory, write) =>
      Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(
            FastCheck.constantFrom("METADATA", "INSTALLER", "direct_url.json", "../../../../pyvenv.cfg"),
            FastCheck.uint8Array({ maxLength: 100 }),
            FastCheck.nat({ max: 40 }),
            async (name, bytes, at) => {
              write("pyvenv.cfg", "home = /bin\nversion_info = 3.11.7\n")
              write(`${site}/a-1.0.dist-info/METADATA`, metadata("a"))
              write(`${site}/a-1.0.dist-info/direct_url.json`, "{\"url\":\"file:///a\"}")
              write(`${site}/b-1.0.dist-info/METADATA`, metadata("b"))
              write(
                join(site, "a-1.0.dist-info", name),
                Buffer.concat([Buffer.from(metadata("a").slice(0, at)), bytes])
              )
              for (const read of [UvPrefix.inspect, UvPrefix.python]) {
                const effect: Effect.Effect<unknown, UvPrefix.UvPrefixError, Needs> = read(directory)
                const exit = await Effect.runPromiseExit(Effect.provide(effect, NodeContext.layer))
                if (Exit.isFailure(exit)) assert.strictEqual(exit.cause._tag, "Fail")
              }
            }
          ),
          { numRuns: 100 }
        )
      )
    ))
})

describe("UvPrefix.python", () => {
  it.effect("reads what each program writes", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const home = "/opt/my python/bin"
        const cases: ReadonlyArray<readonly [string, Partial<UvPrefix.Python>]> = [
          [
            `home = ${home}\nimplementation = CPython\nuv = 0.13.9\nversion_info = 3.11.7\ninclude-system-site-packages = false\n`,
            {}
          ],
          [
            `home = ${home}\r\ninclude-system-site-packages = false\r\nversion = 3.11.7\r\nexecutable = ${home}/python3.11\r\n`,
            {}
          ],
          [
            `home = ${home}\nimplementation = PyPy\nversion_info = 3.10.14.final.0\nvirtualenv = 20.26.0\nversion = 3.10.14\n`,
            { version: "3.10.14", implementation: "PyPy" }
          ],
          [`\ufeffHOME=${home}\nVersion_Info=3.14.0.candidate.2`, { version: "3.14.0rc2" }],
          [`home = ${home}\nversion_info = 3.14.0.alpha.1\nimplementation =`, { version: "3.14.0a1" }],
          [`home = ${home}\nversion_info = 3.13.0a0+\n`, { version: "3.13.0a0" }],
          [`# a comment\nprompt = 'a = b'\nhome = ${home}\nversion = 3.12`, { version: "3.12" }],
          [`prompt = ${"é".repeat(5000)}\nhome = ${home}=x\nversion = 3.11.7`, { home: `${home}=x` }]
        ]
        for (const [text, expected] of cases) {
          write("pyvenv.cfg", text)
          assert.deepStrictEqual(yield* UvPrefix.python(directory), {
            version: "3.11.7",
            implementation: "CPython",
            home,
            ...expected
          })
        }
      })
    ))

  it.effect("knows nothing where there is no such file", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        write(`${site}/a.py`, "")
        assert.isUndefined(yield* UvPrefix.python(directory))
        assert.isUndefined(yield* UvPrefix.python(join(directory, "none")))
      })
    ))

  it.live("names the file that is nonsense, and does not wait for it", () =>
    inDirectory((directory, write) =>
      Effect.gen(function*() {
        const place = join(directory, "pyvenv.cfg")
        const written = (content: string | Uint8Array) => () => write("pyvenv.cfg", content)
        const cases: ReadonlyArray<readonly [() => void, RegExp]> = [
          [written(""), /^it has no `version_info` and no `version`; create the environment again$/],
          [written("version_info\nversion: 3.11.7\n"), /^it has no `version_info`/],
          [written("home = /bin\nversion = three\n"), /^"three" is not a version of Python/],
          [written("home = /bin\nversion = 3\n"), /^"3" is not a version of Python/],
          [written("home = /bin\nversion =\n"), /^"" is not a version of Python/],
          [written(`home = /bin\nversion = 3.1 ${"x".repeat(1000)}`), /^"3.1 x{96}…" is not a version of Python/],
          [written("version = 3.11.7\n"), /^it has no `home`/],
          [written("home =\nversion = 3.11.7\n"), /^it has no `home`/],
          [written(Buffer.from("home = /\xe9\nversion = 3.11.7\n", "latin1")), /^it is not UTF-8$/],
          [written("x".repeat(262_145)), /^it is larger than 262144 bytes$/],
          [() => mkdirSync(place), /^it is not a file$/],
          [() => execFileSync("mkfifo", [place]), /^it is not a file$/],
          [() => symlinkSync("/dev/zero", place), /^it is not a file$/],
          [() => symlinkSync("pyvenv.cfg", place), /^it cannot be read: .*ELOOP/]
        ]
        for (const [make, reason] of cases) {
          make()
          const error = yield* failure(directory, UvPrefix.python(directory)).pipe(Effect.timeout("5 seconds"))
          assert.strictEqual(error.file, "pyvenv.cfg")
          assert.match(error.reason, reason)
          rmSync(place, { recursive: true })
        }
        write("file", "")
        assert.strictEqual(
          (yield* failure(directory, UvPrefix.python(join(directory, "file")))).file,
          "file/pyvenv.cfg"
        )
      })
    ))
})
