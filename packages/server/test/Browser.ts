/** Drives a headless Chromium through its debugging pipe. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { spawn } from "node:child_process"
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import type { Readable, Writable } from "node:stream"

/** The executable: `DARB_TEST_CHROMIUM`, or one on PATH. */
export const find = (environment: Readonly<Record<string, string | undefined>>): string | undefined => {
  const { DARB_TEST_CHROMIUM: named, PATH = "" } = environment
  const candidates = PATH.split(delimiter).flatMap((directory) =>
    ["chromium", "chromium-browser", "google-chrome"].map((name) => join(directory, name))
  )
  return named || candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

type Reply = { readonly result?: unknown; readonly error?: { readonly message: string } }

interface Targets {
  readonly targetInfos: ReadonlyArray<{ readonly type: string; readonly targetId: string }>
}

interface Evaluated {
  readonly result: { readonly value: unknown }
  readonly exceptionDetails?: { readonly exception?: { readonly description: string } }
}

export interface View {
  readonly width: number
  readonly height: number
  readonly scheme: "light" | "dark"
}

/** Starts a browser with one page, which ends when the scope closes. */
export const launch = Effect.fnUntraced(function*(executable: string) {
  const profile = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "darb-browser-"))),
    (profile) => Effect.sync(() => rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  )
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"]
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(executable, [...args, "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank"], {
        stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"]
      })
    ),
    (child) =>
      Effect.async<void>((resume) => {
        child.once("close", () => resume(Effect.void))
        child.kill("SIGKILL")
      })
  )
  const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable]
  const waiting = new Map<number, (reply: Reply) => void>()
  const problems: Array<string> = []
  let last = 0
  let rest = ""
  output.setEncoding("utf8").on("data", (data: string) => {
    const messages = (rest + data).split("\0")
    rest = messages.pop() ?? ""
    for (const message of messages.map((text) => JSON.parse(text))) {
      waiting.get(message.id)?.(message)
      if (message.method === "Runtime.exceptionThrown") {
        problems.push(message.params.exceptionDetails.exception?.description ?? message.params.exceptionDetails.text)
      }
      // Among them what the content security policy refused.
      if (message.method === "Log.entryAdded" && message.params.entry.source === "security") {
        problems.push(message.params.entry.text)
      }
    }
  })

  const send = <A>(method: string, params: object = {}, sessionId?: string) =>
    Effect.async<A, Error>((resume) => {
      const id = ++last
      waiting.set(id, ({ error, result }) =>
        resume(error ? Effect.fail(new Error(error.message)) : Effect.succeed(result as A)))
      input.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`)
    }).pipe(Effect.timeout("30 seconds"), Effect.orDie)

  const { targetInfos } = yield* send<Targets>("Target.getTargets")
  const targetId = targetInfos.find(({ type }) => type === "page")?.targetId
  const { sessionId } = yield* send<{ readonly sessionId: string }>("Target.attachToTarget", {
    targetId,
    flatten: true
  })
  const page = <A>(method: string, params?: object) => send<A>(method, params, sessionId)
  yield* page("Page.enable")
  yield* page("Runtime.enable")
  yield* page("Log.enable")

  /** The value of an expression of the page. */
  const evaluate = Effect.fnUntraced(function*<A = unknown>(expression: string) {
    const { exceptionDetails, result } = yield* page<Evaluated>("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true
    })
    if (exceptionDetails) return yield* Effect.dieMessage(`${expression}: ${exceptionDetails.exception?.description}`)
    return result.value as A
  })

  /** Waits until an expression is true. */
  const until = (expression: string) =>
    evaluate(`Boolean(${expression})`).pipe(
      // While a page loads, there is nothing to evaluate in.
      Effect.catchAllDefect(() => Effect.succeed(false)),
      Effect.flatMap((holds) => holds ? Effect.void : Effect.fail("not yet")),
      Effect.retry(Schedule.spaced("50 millis")),
      Effect.timeout("30 seconds"),
      Effect.catchTag("TimeoutException", () =>
        Effect.flatMap(
          evaluate<string>("document.body.innerText"),
          (text) => Effect.dieMessage(`it does not become true: ${expression}\n${text}`)
        ))
    )

  const press = Effect.fnUntraced(function*(key: "Enter" | "Tab" | " ") {
    const code = { Enter: 13, Tab: 9, " ": 32 }[key]
    const text = { Enter: "\r", Tab: "", " ": " " }[key]
    const params = { key, code: key === " " ? "Space" : key, windowsVirtualKeyCode: code, ...(text && { text }) }
    yield* page("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", ...params })
    yield* page("Input.dispatchKeyEvent", { type: "keyUp", ...params })
  })

  const screenshot = Effect.fnUntraced(function*(file: string, { height, scheme, width }: View) {
    yield* page("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false })
    yield* page("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] })
    const { data } = yield* page<{ readonly data: string }>("Page.captureScreenshot", { captureBeyondViewport: true })
    writeFileSync(file, Buffer.from(data, "base64"))
  })

  return {
    /** Errors of the page, and what its policy refused. */
    problems,
    evaluate,
    until,
    press,
    screenshot,
    open: (url: string) => page("Page.navigate", { url }),
    type: (text: string) => page("Input.insertText", { text })
  }
})

export type Browser = Effect.Effect.Success<ReturnType<typeof launch>>
