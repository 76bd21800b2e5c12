import effect from "@effect/eslint-plugin"
import tseslint from "typescript-eslint"
import { documented } from "./eslint.rules.js"

const format = {
  "@effect/dprint": ["error", {
    config: {
      indentWidth: 2,
      lineWidth: 120,
      semiColons: "asi",
      quoteStyle: "alwaysDouble",
      trailingCommas: "never",
      operatorPosition: "maintain",
      "arrowFunction.useParentheses": "force"
    }
  }]
}

export default tseslint.config(
  { ignores: ["**/dist/", "**/build/", "**/target/", "**/coverage/", "docs/"] },
  {
    files: ["**/*.js"],
    extends: [tseslint.configs.base],
    plugins: { "@effect": effect },
    rules: { ...format, "no-unused-vars": "error", "no-undef": "off" }
  },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommended],
    plugins: { "@effect": effect },
    rules: {
      ...format,
      "@typescript-eslint/array-type": ["error", { default: "generic", readonly: "generic" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-empty-object-type": "off",
      "@typescript-eslint/no-namespace": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "require-yield": "off"
    }
  },
  {
    files: ["packages/*/src/**/*.ts"],
    rules: {
      "no-console": "error",
      "@effect/no-import-from-barrel-package": ["error", {
        packageNames: ["effect", "@effect/platform", "@effect/platform-node"]
      }]
    }
  },
  {
    files: ["packages/{cluster,laws,package-manager,pixi,python,testing,uv}/src/**/*.ts"],
    ignores: ["**/*.d.ts"],
    plugins: { darb: { rules: { documented } } },
    rules: { "darb/documented": ["error", { tags: true }] }
  },
  {
    files: ["packages/*/src/**/*.ts"],
    ignores: [
      "packages/package-manager/src/driver/process/{ActivatedCommand,Process}.ts",
      "packages/{demo,testing,tools}/src/**"
    ],
    rules: {
      "no-restricted-imports": ["error", {
        paths: ["@effect/platform/Command", "@effect/platform/CommandExecutor"].map((name) => ({
          name,
          message: "Only driver/process/Process.ts runs commands."
        }))
      }]
    }
  }
)
