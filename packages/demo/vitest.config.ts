import { defineProject } from "vitest/config"

export default defineProject({
  test: {
    name: "demo",
    include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
    globalSetup: ["build.js"],
    testTimeout: 30_000
  }
})
