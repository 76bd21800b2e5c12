/** The processes that operations start, by the variables that they inherit. */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export interface OperationProcess {
  readonly pid: number
  readonly parent: number
  /** How long it has computed, in seconds. */
  readonly computed: number
}

const read = (pid: string | number, file: string) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8")
  } catch {
    return ""
  }
}

/** Those with a home that have not ended. */
export const processesOf = (home: string): ReadonlyArray<OperationProcess> =>
  readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    const variables = read(pid, "environ")
    if (!variables.includes(`HOME=${home}\0`) || !variables.includes("DARB_OPERATION=")) return []
    const [state, parent = "", ...rest] = read(pid, "stat").replace(/^.*\) /s, "").split(" ")
    const computed = (Number(rest[9]) + Number(rest[10])) / 100
    return state === undefined || state === "" || state === "Z"
      ? []
      : [{ pid: Number(pid), parent: Number(parent), computed }]
  })

/** An executable that starts another one, and notes if a process of another operation runs then. All operate on one environment. */
export const witnessed = (directory: string, executable: string) => {
  const [file, pids, overlaps] = ["executable", "pids", "overlaps"].map((name) => join(directory, name)) as [
    string,
    string,
    string
  ]
  writeFileSync(pids, "")
  writeFileSync(overlaps, "")
  writeFileSync(
    file,
    `#!/bin/sh
while read -r pid operation; do
  [ "$operation" = "$DARB_OPERATION" ] && continue
  state=$(cut -d " " -f 3 "/proc/$pid/stat" 2>/dev/null)
  case "$state" in "" | Z) ;; *) echo "$pid of $operation runs beside $DARB_OPERATION" >>'${overlaps}' ;; esac
done <'${pids}'
echo "$$ $DARB_OPERATION" >>'${pids}'
exec '${executable}' "$@"
`
  )
  chmodSync(file, 0o755)
  return { executable: file, overlaps: () => readFileSync(overlaps, "utf8"), starts: () => readFileSync(pids, "utf8") }
}
