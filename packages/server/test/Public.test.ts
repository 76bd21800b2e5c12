import type { JobEnd } from "@darb/cluster/Job"
import { JobDefect } from "@darb/cluster/JobError"
import * as Output from "@darb/package-manager/Output"
import { CommandFailed } from "@darb/package-manager/PackageManagerError"
import { assert, describe, it } from "@effect/vitest"
import * as Exit from "effect/Exit"
import * as Public from "../src/Public.js"

const place = { directory: "/srv/my-envs/analysis", name: "analysis" }
const identity = { operation: "install", environment: place.directory, id: "1" }
const end = (exit: JobEnd["exit"]) => Public.end({ _tag: "End", exit }, () => place)

describe("what users see", () => {
  it("of an event has no path of the machine and no credentials", () => {
    const line = "/srv/my-envs/analysis/pixi.toml and /home/alice/.netrc, https://alice:s3cret@host.example/x"
    const output = new Output.Output({ ...identity, pid: 1, stream: "stderr", line, continued: false })
    assert.deepInclude(Public.event(output, place), {
      environment: "analysis",
      line: "pixi.toml and [path], https://***@host.example/x"
    })
    const command = [
      "/opt/pixi/bin/pixi",
      "add",
      "--manifest-path",
      "/srv/my-envs/analysis/pixi.toml",
      "--",
      "numpy >=1"
    ]
    const started = new Output.Started({ ...identity, pid: 1, purpose: "operation", command })
    assert.deepInclude(Public.event(started, place), {
      command: ["pixi", "add", "--manifest-path", "pixi.toml", "--", "numpy >=1"]
    })
  })

  it("of a defect is that there is one", () => {
    const { message, outcome } = end(Exit.fail(new JobDefect({ id: "1", defect: "at /srv/secret.js" })))
    assert.deepStrictEqual([outcome, message], [
      "failed",
      "the package manager has a bug: the log of the server has it"
    ])
    assert.strictEqual(end(Exit.die("/srv/secret.js")).message, message)
  })

  it("of an error is its public part", () => {
    const evidence = { command: ["/opt/pixi"], exitCode: 1, signal: null, stdout: "", stderr: "at /srv/secret.js" }
    const error = new CommandFailed({
      manager: "pixi",
      operation: "install",
      environment: place.directory,
      evidence,
      reason: "at /srv/secret.js"
    })
    const shown = end(Exit.fail(error))
    assert.strictEqual(shown.error?._tag, "CommandFailed")
    assert.notMatch(JSON.stringify(shown), /secret|\/opt|\/srv/)
  })
})
