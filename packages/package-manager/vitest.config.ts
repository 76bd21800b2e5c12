import { defineProject } from "vitest/config"

export default defineProject({
  test: {
    name: "package-manager",
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000
  }
})
