import { defineProject } from "vitest/config"

export default defineProject({
  test: {
    name: "executables",
    include: ["test/**/*.test.js"],
    testTimeout: 30_000
  }
})
