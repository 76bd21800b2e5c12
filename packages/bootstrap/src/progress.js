// @ts-check
/** Shows the progress of long steps. */
/**
 * @typedef {object} Progress
 * @property {(line: string) => void} say
 * @property {<A>(title: string, run: (at: (state: string) => void) => Promise<A>) => Promise<A>} step
 */

/**
 * @typedef {object} Stream
 * @property {(text: string) => unknown} write
 * @property {boolean} [isTTY]
 * @property {number} [columns]
 */

const betweenLines = 10_000
const betweenRedraws = 100

/**
 * Shows the progress of steps: on a terminal in one line that is redrawn, otherwise in a line every few seconds.
 *
 * @param {Stream} stream
 * @param {() => number} [now]
 * @returns {Progress}
 */
export const makeProgress = (stream, now = Date.now) => {
  const interval = stream.isTTY ? betweenRedraws : betweenLines
  /** @type {Set<{ line: string }>} */
  const running = new Set()

  const draw = () => {
    if (!stream.isTTY || running.size === 0) return
    const line = [...running].map((step) => step.line).join(" | ")
    stream.write(`\r${line.slice(0, (stream.columns ?? 80) - 1)}\x1b[K`)
  }

  /** @param {string} line */
  const say = (line) => {
    stream.write(stream.isTTY ? `\r${line}\x1b[K\n` : `${line}\n`)
    draw()
  }

  return {
    say,
    step: async (title, run) => {
      const start = now()
      const step = { line: `${title} …` }
      let last = start

      /** @param {string} state */
      const at = (state) => {
        step.line = `${title} … ${state}`
        if (now() - last < interval) return
        last = now()
        if (stream.isTTY) draw()
        else say(step.line)
      }

      /** @param {string} state */
      const end = (state) => {
        running.delete(step)
        say(`${title} … ${state} after ${((now() - start) / 1000).toFixed(1)} s`)
      }

      if (!stream.isTTY) say(step.line)
      running.add(step)
      draw()
      return run(at).then(
        (result) => {
          end("done")
          return result
        },
        (error) => {
          end("failed")
          throw error
        }
      )
    }
  }
}

/** Shared, so that parallel steps do not overwrite each other. */
export const standardProgress = makeProgress(process.stderr)
