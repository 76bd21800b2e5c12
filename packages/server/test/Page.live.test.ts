import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Memory from "@darb/testing/Memory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import * as Browser from "./Browser.js"
import * as fixtures from "./fixtures.js"

const root = "/environments"
const executable = Browser.find(process.env)
const pictures = process.env.DARB_TEST_SCREENSHOTS

const hostile = `<img src=x onerror="document.title='reached'">`

const views = {
  "narrow-light": { width: 390, height: 844, scheme: "light" },
  "narrow-dark": { width: 390, height: 844, scheme: "dark" },
  "wide-light": { width: 1280, height: 900, scheme: "light" },
  "wide-dark": { width: 1280, height: 900, scheme: "dark" }
} as const

describe.skipIf(executable === undefined && !process.env.CI)(
  "the page, in a browser: skipped if there is no chromium on PATH and none in DARB_TEST_CHROMIUM",
  () => {
    it.scopedLive(
      "creates, installs, cancels and fails as a user sees it, with the keyboard alone",
      () =>
        Effect.gen(function*() {
          assert.isDefined(executable, "there is no chromium on PATH")
          const manager = yield* Memory.make({ root, duration: "2 seconds" })
          const { url } = yield* fixtures.serve(PackageManager.of(manager), root)
          const { evaluate, open, press, problems, screenshot, type, until } = yield* Browser.launch(executable!)
          const shown = (text: string) => until(`document.body.innerText.includes(${JSON.stringify(text)})`)
          const take = Effect.fnUntraced(function*(name: string) {
            for (const [view, options] of Object.entries(pictures === undefined ? {} : views)) {
              yield* screenshot(join(pictures!, `${name}-${view}.png`), options)
            }
          })
          /** Types into the field that has the focus, instead of what it has. */
          const fill = (text: string) => Effect.andThen(evaluate("document.activeElement.select()"), type(text))
          const focused = evaluate<string>("document.activeElement.name || document.activeElement.textContent")
          /** Moves the focus with the Tab key. */
          const tabTo = (name: string) =>
            Effect.iterate("", {
              while: (at) => at !== name,
              body: () => Effect.andThen(press("Tab"), focused)
            }).pipe(Effect.timeout("10 seconds"))

          yield* open(url)
          yield* shown("needs the token")
          yield* take("login")
          yield* type("wrong")
          yield* press("Enter")
          yield* until("!document.getElementById('login').hidden && document.activeElement.name === 'token'")
          yield* type(fixtures.token)
          yield* press("Enter")
          yield* shown("memory 1.0.0")
          assert.notInclude(yield* evaluate<string>("location.href"), fixtures.token)

          yield* tabTo("name")
          yield* type("analysis")
          yield* press("Enter")
          yield* until("document.querySelector('#jobs progress')")
          yield* until("document.querySelector('#jobs .succeeded')")
          yield* shown("installed")

          yield* tabTo("packages")
          yield* type("app==2.0, libleaf <0.2")
          yield* press("Enter")
          yield* shown("failed")
          yield* take("failed")

          yield* evaluate("document.querySelector('[name=packages]').focus()")
          yield* fill("app")
          yield* press("Enter")
          yield* until("document.querySelector('#jobs .running')")
          yield* take("running")
          yield* shown("+ app 2.0")
          yield* until("document.querySelector('#packages tbody').rows.length === 3")
          yield* take("installed")

          yield* evaluate("document.querySelector('[name=packages]').focus()")
          yield* fill("orphan")
          yield* press("Enter")
          yield* shown("nowhere")

          yield* evaluate("document.querySelector('[aria-label=\"Remove app\"]').focus()")
          yield* press("Enter")
          yield* until("document.querySelector('#jobs .running')")
          yield* evaluate("document.querySelector('[aria-label=\"Cancel remove in analysis\"]').focus()")
          yield* press("Enter")
          yield* shown("cancelled")
          assert.strictEqual(yield* evaluate("document.querySelector('#packages tbody').rows.length"), 3)

          yield* evaluate("document.querySelector('[name=packages]').focus()")
          yield* fill(hostile)
          yield* press("Enter")
          yield* shown("onerror")
          yield* take("end")
          assert.strictEqual(yield* evaluate("document.title"), "darb")
          assert.strictEqual(yield* evaluate("document.images.length"), 0)

          yield* evaluate("document.getElementById('destroy').focus()")
          yield* press("Enter")
          yield* until("document.activeElement.id === 'keep'")
          yield* take("confirm")
          yield* press("Tab")
          yield* press("Enter")
          yield* shown("There is no environment yet")

          // A reload keeps the token and finds the jobs again.
          yield* evaluate("location.reload()")
          yield* until("performance.getEntriesByType('navigation')[0].type === 'reload'")
          yield* shown("destroy analysis")
          // With what they were asked for, and why they failed, which no event told this page.
          yield* shown("install app==2.0, libleaf <0.2 analysis")
          yield* until("document.querySelectorAll('#jobs .error:not([hidden])').length >= 2")
          assert.isTrue(yield* evaluate("document.getElementById('older').hidden"))
          // More jobs than the page asks for at once.
          const client = yield* fixtures.clientOf(url)
          for (let at = 0; at < 55; at++) {
            yield* client.environments.submit({ path: { name: "none" }, headers: {}, payload: { operation: "update" } })
          }
          yield* evaluate("location.reload()")
          yield* until("document.getElementById('older')?.hidden === false")
          assert.isFalse(yield* evaluate("document.body.innerText.includes('destroy analysis')"))
          yield* evaluate("document.getElementById('older').focus()")
          yield* press("Enter")
          yield* shown("destroy analysis")
          for (const { width, height, scheme } of Object.values(views)) {
            yield* screenshot("/dev/null", { width, height, scheme })
            assert.isAtMost(yield* evaluate<number>("document.documentElement.scrollWidth"), width)
          }
          assert.deepStrictEqual(problems, [])
        }).pipe(Effect.provide(NodeContext.layer)),
      180_000
    )
  }
)
