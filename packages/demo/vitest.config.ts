import { defineProject } from "vitest/config"

export default defineProject({
  test: {
    name: "demo",
    include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
    testTimeout: 30_000
  }
})
