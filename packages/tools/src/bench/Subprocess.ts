/** Runs commands without the library, as baselines. */
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"

export interface Where {
  readonly directory?: string | undefined
  readonly environment?: NodeJS.ProcessEnv | undefined
}

/** What a command prints. Dies if it fails. */
export const output = (
  executable: string,
  args: ReadonlyArray<string>,
  { directory, environment }: Where = {}
): Effect.Effect<string> =>
  Effect.async<string, unknown>((resume) => {
    const child = spawn(executable, args, {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"]
    })
    const texts = { stdout: "", stderr: "" }
    child.stdout.setEncoding("utf8").on("data", (text: string) => texts.stdout += text)
    child.stderr.setEncoding("utf8").on("data", (text: string) => texts.stderr += text)
    child.on("error", (error) => resume(Effect.fail(error)))
    child.on("close", (code) =>
      resume(
        code === 0 ? Effect.succeed(texts.stdout) : Effect.dieMessage(`${args.join(" ")}: ${texts.stderr}`)
      ))
  }).pipe(Effect.orDie)
