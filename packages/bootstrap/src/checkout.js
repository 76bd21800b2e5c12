// @ts-check
/** Where the checkout is. */
import { fileURLToPath } from "node:url"

/** The directory of the repository. */
export const checkout = fileURLToPath(new URL("../../..", import.meta.url))
