/** Replaces credentials in URLs by `***`: `https://user:password@host`, and conda's `https://host/t/TOKEN/channel`. */
export const redact = (text: string): string =>
  text.includes("://")
    ? text.replace(/(:\/\/)[^\s/@]+@/g, "$1***@").replace(/(:\/\/[^\s/]+\/t\/)[^\s/]+/g, "$1***")
    : text
