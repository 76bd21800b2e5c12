/** Breaks lines between words, so that a terminal does not break them inside. */

/** The lines of a text, none longer than the width unless a single word is. */
export const words = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const word of text.split(" ")) {
    const last = lines.at(-1)
    if (last !== undefined && length(last) + 1 + length(word) <= width) lines[lines.length - 1] = `${last} ${word}`
    else if (word !== "" || last === undefined) lines.push(word)
  }
  return lines
}

/** Breaks the lines of a text that are too long. What follows is indented more than the line. */
export const text = (text: string, columns: number): string =>
  text.split("\n").flatMap((line) => {
    if (length(line) <= columns) return line
    const [, color = "", indent = "", rest = ""] = /^((?:\u001b\[[0-9;]*m)*)( *)(.*)$/.exec(line) ?? []
    return words(rest, columns - indent.length - 2).map((part, index) =>
      index === 0 ? `${color}${indent}${part}` : `${indent}  ${part}`
    )
  }).join("\n")

/** Removes colors. */
export const uncolored = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, "")

const length = (text: string): number => uncolored(text).length
