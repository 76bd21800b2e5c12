/** What the scanner makes of a lock file. */

/** A mapping, a sequence, text or `null`. */
export type Node = string | null | ReadonlyArray<Node> | References | { readonly [key: string]: Node }

export const referenceTypes: ReadonlyArray<string> = ["conda", "pypi", "conda_source"]

/**
 * A sequence of mappings that have but the location of a package. Most lines of a lock file with several environments
 * are such, and say what is said in `packages` as well: no texts are made for them.
 */
export class References {
  readonly length: number

  /** For each its type, where its location begins, and where that ends. */
  constructor(private readonly text: string, private readonly spans: ReadonlyArray<number>) {
    this.length = spans.length / 3
  }

  map<A>(f: (at: number) => A): ReadonlyArray<A> {
    const mapped = new Array<A>(this.length)
    for (let at = 0; at < this.length; at++) mapped[at] = f(at)
    return mapped
  }

  isAt(at: number, location: string): boolean {
    const from = this.spans[at * 3 + 1] ?? 0
    const to = this.spans[at * 3 + 2] ?? 0
    // `startsWith` goes from character to character.
    return to - from === location.length && this.text.slice(from, to) === location
  }

  typeAt(at: number): string {
    return referenceTypes[this.spans[at * 3] ?? 0] ?? ""
  }

  at(at: number): { readonly [type: string]: string } {
    return { [this.typeAt(at)]: this.text.slice(this.spans[at * 3 + 1], this.spans[at * 3 + 2]) }
  }
}

/** A package, of which only what has a name here is kept. It is the same object for all packages. */
export type Item = Readonly<Omit<Fields, "clear">>

/** A class, because objects that are born with all their fields are cheap. */
export class Fields {
  conda: Node | undefined
  conda_source: Node | undefined
  pypi: Node | undefined
  kind: Node | undefined
  url: Node | undefined
  path: Node | undefined
  name: Node | undefined
  version: Node | undefined
  build: Node | undefined
  subdir: Node | undefined
  channel: Node | undefined
  index: Node | undefined
  sha256: Node | undefined
  md5: Node | undefined
  size: Node | undefined
  depends: Node | undefined
  requires_dist: Node | undefined

  clear(): void {
    this.conda =
      this.conda_source =
      this.pypi =
      this.kind =
      this.url =
      this.path =
        undefined
    this.name =
      this.version =
      this.build =
      this.subdir =
      this.channel =
      this.index =
        undefined
    this.sha256 =
      this.md5 =
      this.size =
      this.depends =
      this.requires_dist =
        undefined
  }
}

const fieldNames: ReadonlySet<string> = new Set(Object.keys(new Fields()))
export const isField = (name: string): name is keyof Item => fieldNames.has(name)
