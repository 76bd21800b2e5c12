import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Memory from "@darb/testing/Memory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ChangeRequest } from "../src/Request.js"
import * as fixtures from "./fixtures.js"

const root = "/environments"

/** A server whose manager is in memory, and a client. */
const serve = Effect.fnUntraced(function*(duration: Duration.DurationInput = 0) {
  const manager = yield* Memory.make({ root, duration })
  const { port, url } = yield* fixtures.serve(manager, root)
  return { port, url, client: yield* fixtures.clientOf(url), manager }
})

const test = (name: string, effect: Effect.Effect<unknown, unknown, NodeContext.NodeContext | Scope.Scope>) =>
  it.scopedLive(name, () => Effect.provide(effect, NodeContext.layer))

const bearer = { authorization: `Bearer ${fixtures.token}` }

describe("access", () => {
  test(
    "the API needs the token, the page does not",
    Effect.gen(function*() {
      const { port, url } = yield* serve()
      for (const authorization of ["", "Bearer ", "Bearer wrong", fixtures.token]) {
        const { body, status } = yield* fixtures.raw(port, "/api/jobs", { headers: { authorization } })
        assert.strictEqual(status, 401)
        assert.strictEqual(JSON.parse(body)._tag, "Unauthorized")
      }
      assert.strictEqual((yield* fixtures.raw(port, "/api/jobs")).status, 401)
      assert.strictEqual((yield* fixtures.raw(port, "/api/jobs/x/events")).status, 401)
      const stranger = yield* fixtures.clientOf(url, "wrong")
      assert.strictEqual((yield* Effect.flip(stranger.jobs.list({ urlParams: {} })))._tag, "Unauthorized")

      const page = yield* fixtures.raw(port, "/")
      assert.strictEqual(page.status, 200)
      assert.match(String(page.headers["content-security-policy"]), /^default-src 'none'; script-src 'sha256-[^']+';/)
      assert.notInclude(page.body, fixtures.token)
    })
  )

  test(
    "other hosts and origins are refused, whatever they send",
    Effect.gen(function*() {
      const { port } = yield* serve()
      const statusOf = (headers: Record<string, string>) =>
        Effect.map(fixtures.raw(port, "/api/jobs", { headers: { ...bearer, ...headers } }), ({ status }) => status)
      for (
        const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:${port + 1}`, `localhost:1`]
      ) {
        assert.strictEqual(yield* statusOf({ host }), 403, host)
      }
      for (const origin of ["http://evil.example", "null", `http://127.0.0.1`, `http://localhost:${port + 1}`]) {
        assert.strictEqual(yield* statusOf({ origin }), 403, origin)
      }
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
        assert.strictEqual(yield* statusOf({ host, origin: `http://${host}` }), 200, host)
      }
      const page = yield* fixtures.raw(port, "/", { headers: { host: "evil.example" } })
      assert.strictEqual(page.status, 403)
    })
  )

  test(
    "a body that is too large, has no length, or is not JSON",
    Effect.gen(function*() {
      const { port } = yield* serve()
      const post = (body: string, headers: Record<string, string>) =>
        fixtures.raw(port, "/api/environments/a/jobs", {
          method: "POST",
          body,
          headers: { ...bearer, "content-type": "application/json", ...headers }
        })
      const large = JSON.stringify({ operation: "install", options: { packages: ["x".repeat(2000)] } })
      assert.strictEqual((yield* post(large, { "content-length": String(large.length) })).status, 413)
      assert.strictEqual((yield* post("{}", { "transfer-encoding": "chunked" })).status, 411)
      const malformed = yield* post("{bad", { "content-length": "4" })
      assert.deepStrictEqual([malformed.status, JSON.parse(malformed.body)._tag], [400, "Malformed"])
      const unknown = JSON.stringify({ operation: "install", options: { unknown: true } })
      const refused = yield* post(unknown, { "content-length": String(unknown.length) })
      assert.deepStrictEqual([refused.status, JSON.parse(refused.body)._tag], [400, "HttpApiDecodeError"])
    })
  )

  test(
    "the API describes itself",
    Effect.gen(function*() {
      const { port } = yield* serve()
      const { body } = yield* fixtures.raw(port, "/openapi.json")
      assert.includeMembers(Object.keys(JSON.parse(body).paths), [
        "/api/environments/{name}/jobs",
        "/api/jobs/{id}/events"
      ])
    })
  )
})

describe("operation", () => {
  test(
    "health needs no token, and says what does not answer",
    Effect.gen(function*() {
      const { port } = yield* serve()
      const live = yield* fixtures.raw(port, "/health/live")
      assert.deepStrictEqual([live.status, live.body], [200, "{\"live\":true}"])
      const ready = yield* fixtures.raw(port, "/health/ready")
      assert.deepStrictEqual([ready.status, JSON.parse(ready.body)], [200, { database: true, manager: true }])

      const manager = yield* Memory.make({ root })
      const about = { manager: "memory", operation: "version", environment: "" } as const
      const version = new Errors.ExecutableUnavailable({ ...about, executable: "memory", reason: "it is gone" })
      const { port: other } = yield* fixtures.serve({ ...manager, version }, root)
      const broken = yield* fixtures.raw(other, "/health/ready")
      assert.deepStrictEqual([broken.status, JSON.parse(broken.body)], [503, { database: true, manager: false }])
      assert.strictEqual((yield* fixtures.raw(other, "/health/live")).status, 200)
    })
  )

  test(
    "metrics are in the format of Prometheus, for those who have the token",
    Effect.gen(function*() {
      const { client, port, url } = yield* serve()
      const path = { name: "a" }
      const { id } = yield* client.environments.submit({ path, headers: {}, payload: { operation: "init" } })
      yield* fixtures.endOf(url, id)
      assert.strictEqual((yield* fixtures.raw(port, "/metrics")).status, 401)
      const { body, headers } = yield* fixtures.raw(port, "/metrics", { headers: bearer })
      assert.match(String(headers["content-type"]), /^text\/plain; version=0\.0\.4/)
      assert.match(body, /^# TYPE darb_jobs_ended counter$/m)
      assert.match(body, /^darb_jobs_ended\{operation="init",outcome="succeeded"\} \d+$/m)
      assert.match(body, /^darb_jobs_queued \d+$/m)
      assert.match(body, /^darb_jobs_running \d+$/m)
      for (const line of body.trimEnd().split("\n")) {
        assert.match(line, /^(?:# (?:TYPE|HELP) .*|[a-zA-Z_:][\w:]*(?:\{.*\})? (?:[\d.e+-]+|[+-]Inf|NaN))$/)
      }
    })
  )
})

describe("environments", () => {
  test(
    "are created, changed, read and destroyed by jobs",
    Effect.gen(function*() {
      const { client, url } = yield* serve()
      const run = Effect.fnUntraced(function*(payload: ChangeRequest) {
        // The type of the client wants to know which one of them it is.
        const request = { path: { name: "team/analysis" }, headers: {}, payload: payload as never }
        const { id } = yield* client.environments.submit(request)
        return yield* fixtures.endOf(url, id)
      })
      assert.strictEqual((yield* run({ operation: "init" })).outcome, "succeeded")
      const { changes } = yield* run({ operation: "install", options: { packages: ["app==2.0"] } })
      assert.deepStrictEqual(changes?.added.map(({ name }) => name), ["app", "greet", "libleaf"])

      const path = { name: "team/analysis" }
      const detail = yield* client.environments.get({ path })
      assert.deepStrictEqual(detail.packages, { app: "==2.0" })
      assert.deepInclude(detail.status, { environment: "team/analysis", lock: "present", prefix: "matches" })
      const packages = yield* client.environments.packages({ path })
      assert.deepStrictEqual(packages.map(({ direct, name }) => [name, direct]), [
        ["app", true],
        ["greet", false],
        ["libleaf", false]
      ])
      const { environments } = yield* client.environments.list()
      assert.deepStrictEqual(environments.map(({ name }) => name), ["team/analysis"])

      assert.strictEqual((yield* run({ operation: "destroy" })).outcome, "succeeded")
      assert.deepStrictEqual((yield* client.environments.list()).environments, [])
      const jobs = yield* client.jobs.list({ urlParams: {} })
      assert.deepStrictEqual(new Set(jobs.map(({ state }) => state)), new Set(["succeeded"]))
      assert.strictEqual(JSON.stringify([jobs, detail, packages]).includes(root), false)
    })
  )

  test(
    "an unknown one is 404; a failed job says why, without paths",
    Effect.gen(function*() {
      const { client, port, url } = yield* serve()
      const path = { name: "nowhere" }
      const error = yield* Effect.flip(client.environments.get({ path }))
      assert.deepInclude(error, { _tag: "NotFound" })
      assert.strictEqual(
        error.message,
        "nowhere is not an environment: there is no environment at this path; create one with init"
      )
      const { status } = yield* fixtures.raw(port, "/api/environments/nowhere/packages", { headers: bearer })
      assert.strictEqual(status, 404)

      const { id } = yield* client.environments.submit({ path, headers: {}, payload: { operation: "install" } })
      const end = yield* fixtures.endOf(url, id)
      assert.strictEqual(end.outcome, "failed")
      assert.strictEqual(end.error?._tag, "EnvironmentNotFound")
      assert.strictEqual(JSON.stringify(end).includes(root), false)
    })
  )

  test(
    "a name that leads elsewhere is refused, and so is an option of another manager",
    Effect.gen(function*() {
      const { client, port } = yield* serve()
      for (
        const name of [
          "..",
          "%2e%2e",
          "a%2f..%2fb",
          ".hidden",
          "a%2f.hidden",
          "%2fetc",
          "a%00",
          "-x",
          "a%5cb",
          "x".repeat(201)
        ]
      ) {
        const { status } = yield* fixtures.raw(port, `/api/environments/${name}`, { headers: bearer })
        assert.include([400, 404], status, name)
      }
      const error = yield* Effect.flip(client.environments.submit({
        path: { name: "a" },
        headers: {},
        payload: { operation: "install", options: { packages: ["greet"], group: "test" } }
      }))
      assert.strictEqual(error._tag, "Refused")
    })
  )

  test(
    "have an activation, and programs run in them",
    Effect.gen(function*() {
      const { client, port, url } = yield* serve()
      const path = { name: "a" }
      const { id } = yield* client.environments.submit({ path, headers: {}, payload: { operation: "init" } })
      yield* fixtures.endOf(url, id)
      assert.strictEqual((yield* Effect.flip(client.environments.activation({ path })))._tag, "Refused")
      const install = {
        path,
        headers: {},
        payload: { operation: "install", options: { packages: ["greet"] } }
      } as const
      yield* fixtures.endOf(url, (yield* client.environments.submit(install)).id)
      const activation = yield* client.environments.activation({ path })
      assert.isAbove(activation.path.length, 0)

      const post = (name: string, payload: object) => {
        const body = JSON.stringify(payload)
        const headers = { ...bearer, "content-type": "application/json", "content-length": String(body.length) }
        return fixtures.raw(port, `/api/environments/${name}/run`, { method: "POST", headers, body })
      }
      const ran = yield* post("a", { command: ["echo", "hello"] })
      assert.strictEqual(ran.status, 200)
      assert.match(String(ran.headers["content-type"]), /^text\/event-stream/)
      assert.match(ran.body, /event: end\ndata: \{"exitCode":0,"signal":null\}\n\n$/)
      assert.notInclude(ran.body, root)
      assert.strictEqual((yield* post("nowhere", { command: ["echo"] })).status, 404)
      assert.strictEqual((yield* post("a", { unknown: true })).status, 400)
      assert.strictEqual((yield* post("a", {})).status, 422)
    })
  )

  test(
    "a program ends with its connection",
    Effect.gen(function*() {
      const [started, interrupted] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const run = () =>
        Effect.andThen(Deferred.succeed(started, undefined), Effect.never).pipe(
          Effect.onInterrupt(() => Deferred.succeed(interrupted, undefined))
        )
      const { url } = yield* fixtures.serve({ ...yield* Memory.make({ root }), run }, root)
      const headers = { ...bearer, "content-type": "application/json" }
      const fiber = yield* Effect.fork(
        Effect.tryPromise((signal) =>
          fetch(`${url}/api/environments/a/run`, { method: "POST", headers, body: "{}", signal }).then((response) =>
            response.text()
          )
        )
      )
      yield* Deferred.await(started)
      yield* Effect.sleep("500 millis")
      yield* Fiber.interrupt(fiber)
      yield* Deferred.await(interrupted).pipe(Effect.timeout("5 seconds"))
    })
  )

  test(
    "a request that is repeated with its key is one job",
    Effect.gen(function*() {
      const { client } = yield* serve()
      const submit = client.environments.submit({
        path: { name: "a" },
        headers: { "idempotency-key": "one" },
        payload: { operation: "init" }
      })
      assert.strictEqual((yield* submit).id, (yield* submit).id)
    })
  )
})

describe("jobs", () => {
  test(
    "are listed in pages, with what they were asked for and why they failed, without paths and credentials",
    Effect.gen(function*() {
      const { client, port, url } = yield* serve()
      const run = Effect.fnUntraced(function*(name: string, payload: ChangeRequest) {
        const request = { path: { name }, headers: {}, payload: payload as never }
        const { id } = yield* client.environments.submit(request)
        yield* fixtures.endOf(url, id)
        return id
      })
      const created = yield* run("a", { operation: "init" })
      const failed = yield* run("a", { operation: "install", options: { packages: ["nothing-like-that"] } })
      const other = yield* run("b", { operation: "init" })
      yield* Effect.repeat(client.jobs.list({ urlParams: {} }), {
        schedule: Schedule.spaced("20 millis"),
        until: (jobs) => jobs.length === 3 && jobs.every(({ endedAt }) => endedAt !== null)
      })
      const list = (urlParams: NonNullable<Parameters<typeof client.jobs.list>[0]>["urlParams"]) =>
        Effect.map(client.jobs.list({ urlParams }), (jobs) => jobs.map(({ id }) => id))
      assert.deepStrictEqual(yield* list({}), [other, failed, created])
      assert.deepStrictEqual(yield* list({ environment: "a" }), [failed, created])
      assert.deepStrictEqual(yield* list({ state: "failed" }), [failed])
      assert.deepStrictEqual(yield* list({ state: ["failed", "succeeded"], limit: 1 }), [other])
      assert.deepStrictEqual(yield* list({ before: other, limit: 1 }), [failed])
      assert.deepStrictEqual(yield* list({ before: created }), [])
      for (const query of ["limit=0", "limit=1001", "state=nothing", "environment=../a"]) {
        const { status } = yield* fixtures.raw(port, `/api/jobs?${query}`, { headers: bearer })
        assert.strictEqual(status, 400, query)
      }
      assert.strictEqual((yield* Effect.flip(list({ before: "nonsense" })))._tag, "NotFound")

      const job = yield* client.jobs.get({ path: { id: failed } })
      assert.deepInclude(job, { state: "failed", operation: "install", environment: "a", attempts: 1 })
      assert.deepStrictEqual(job.options, { packages: ["nothing-like-that"] })
      assert.strictEqual(job.error?._tag, "PackageNotFound")
      assert.include(job.message ?? "", "nothing-like-that")
      const packages = ["x @ https://user:secret@channel.example/x.whl"]
      const secret = yield* client.jobs.get({
        path: { id: yield* run("a", { operation: "install", options: { packages } }) }
      })
      assert.include(JSON.stringify(secret.options), "channel.example/x.whl")
      assert.notInclude(JSON.stringify([job, secret]), "secret@")
      assert.notInclude(JSON.stringify([job, secret]), root)
    })
  )

  test(
    "events go on after a cursor, and an ended job has them too",
    Effect.gen(function*() {
      const { client, url } = yield* serve("50 millis")
      const path = { name: "a" }
      const { id } = yield* client.environments.submit({ path, headers: {}, payload: { operation: "init" } })
      const [first] = yield* Effect.map(
        Stream.runCollect(Stream.take(fixtures.eventsOf(url, id), 1)),
        Chunk.toReadonlyArray
      )
      assert.strictEqual(first?.id, 0)
      const rest = yield* Effect.map(Stream.runCollect(fixtures.eventsOf(url, id, 0)), Chunk.toReadonlyArray)
      const all = yield* Effect.map(Stream.runCollect(fixtures.eventsOf(url, id)), Chunk.toReadonlyArray)
      assert.deepStrictEqual(all, [first!, ...rest])
      assert.deepStrictEqual(all.slice(0, -1).map(({ id }) => id), all.slice(0, -1).map((_, index) => index))
      assert.strictEqual(all.at(-1)?.event, "end")
      assert.strictEqual(all[0]?.data.event?.environment, "a")
    })
  )

  test(
    "a running one is cancelled, and one that waits never starts",
    Effect.gen(function*() {
      const { client, url } = yield* serve("1 minute")
      const path = { name: "a" }
      const running = yield* client.environments.submit({ path, headers: {}, payload: { operation: "init" } })
      const waiting = yield* client.environments.submit({ path, headers: {}, payload: { operation: "install" } })
      yield* Stream.runHead(fixtures.eventsOf(url, running.id))
      assert.deepStrictEqual(yield* client.jobs.cancel({ path: { id: waiting.id } }), { was: "queued" })
      assert.deepStrictEqual(yield* client.jobs.cancel({ path: { id: running.id } }), { was: "running" })
      assert.strictEqual((yield* fixtures.endOf(url, running.id)).outcome, "cancelled")
      assert.strictEqual((yield* fixtures.endOf(url, waiting.id)).outcome, "cancelled")
      assert.deepStrictEqual(yield* client.jobs.cancel({ path: { id: running.id } }), { was: "ended" })
      assert.deepStrictEqual((yield* client.environments.list()).environments, [])
    })
  )

  test(
    "an unknown one is 404",
    Effect.gen(function*() {
      const { client, port } = yield* serve()
      const id = `default.${"0".repeat(32)}.none`
      for (const unknown of [id, "nonsense"]) {
        assert.strictEqual((yield* Effect.flip(client.jobs.get({ path: { id: unknown } })))._tag, "NotFound")
        assert.strictEqual((yield* Effect.flip(client.jobs.cancel({ path: { id: unknown } })))._tag, "NotFound")
        assert.strictEqual((yield* fixtures.raw(port, `/api/jobs/${unknown}/events`, { headers: bearer })).status, 404)
      }
    })
  )

  test(
    "there is a limit to open streams, and a closed one makes room",
    Effect.gen(function*() {
      const { client, port, url } = yield* serve("1 minute")
      const { id } = yield* client.environments.submit({
        path: { name: "a" },
        headers: {},
        payload: { operation: "init" }
      })
      const open = Effect.gen(function*() {
        const first = yield* Deferred.make<void>()
        const seen = Stream.tap(fixtures.eventsOf(url, id), () => Deferred.succeed(first, undefined))
        const fiber = yield* Effect.fork(Stream.runDrain(seen))
        yield* Deferred.await(first)
        return fiber
      })
      const fibers = yield* Effect.all([open, open, open, open])
      const probe = fixtures.raw(port, "/api/jobs/nonsense/events", { headers: bearer })
      const full = fixtures.raw(port, `/api/jobs/${id}/events`, { headers: bearer })
      assert.strictEqual((yield* full).status, 429)
      assert.strictEqual((yield* probe).status, 404)
      yield* Fiber.interruptAll(fibers)
      yield* Effect.retry(Stream.runHead(fixtures.eventsOf(url, id)), { times: 20 })
      yield* client.jobs.cancel({ path: { id } })
    })
  )

  test(
    "a server that stops ends its streams",
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const { client, url } = yield* Scope.extend(serve("1 minute"), scope)
      const { id } = yield* client.environments.submit({
        path: { name: "a" },
        headers: {},
        payload: { operation: "init" }
      })
      const first = yield* Deferred.make<void>()
      const events = Stream.tap(fixtures.eventsOf(url, id), () => Deferred.succeed(first, undefined))
      const fiber = yield* Effect.fork(Stream.runCollect(events))
      yield* Deferred.await(first)
      yield* Scope.close(scope, Exit.void).pipe(Effect.timeout("10 seconds"))
      assert.strictEqual(Chunk.size(yield* Fiber.join(fiber)), 1)
    })
  )
})
