import * as Effect from "effect/Effect"
export interface PropertyOptions {}
export const property = () => Effect.void
