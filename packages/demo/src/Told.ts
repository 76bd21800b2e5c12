/** A step of the story that met its expectation. */

export interface Told {
  readonly title: string
  readonly call: string
  readonly result: unknown
  readonly expected: string
}
