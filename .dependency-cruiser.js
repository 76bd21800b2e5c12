/** What the packages may import, checked by `npm run imports`. Import cycles fail, also those of types. */
import { readdirSync, readFileSync } from "node:fs"

const packages = readdirSync("packages")

/** The rooms of `@darb/NAME`, wherever the import resolves to: sources, `dist`, or nothing. */
const rooms = (names) => `^(?:packages|@darb)/(?:${names.join("|")})/`

/** A package imports the `@darb` packages that its package.json names, in sources without `devDependencies`. */
const named = packages.flatMap((name) => {
  const { dependencies, devDependencies, peerDependencies } = JSON.parse(
    readFileSync(`packages/${name}/package.json`, "utf8")
  )
  const rule = (folder, known) => ({
    name: `only-named-packages-${folder}`,
    comment: `packages/${name}/${folder} imports a package that its package.json does not name`,
    severity: "error",
    from: { path: `^packages/${name}/${folder}/` },
    to: { path: rooms(packages.filter((other) => other !== name && !Object.hasOwn(known, `@darb/${other}`))) }
  })
  const used = { ...dependencies, ...peerDependencies }
  return [rule("src", used), rule("test", { ...used, ...devDependencies })]
})

/** What no package.json may allow. */
const forbidden = {
  pixi: ["uv", "cluster"],
  uv: ["pixi", "cluster"],
  python: packages,
  testing: ["laws", "cluster"],
  laws: ["pixi", "uv", "cluster"],
  cluster: ["pixi", "uv", "testing", "laws", "tools", "demo"],
  "package-manager": ["pixi", "uv", "testing", "laws", "cluster", "tools", "demo"]
}

const floors = Object.entries(forbidden).map(([name, others]) => ({
  name: "floors",
  comment: `packages/${name} is below the package that it imports, or beside it`,
  severity: "error",
  from: { path: `^packages/${name}/src/` },
  to: { path: rooms(others.filter((other) => other !== name)) }
}))

export default {
  forbidden: [
    {
      name: "no-cycle",
      comment: "The modules import each other.",
      severity: "error",
      from: {},
      to: { circular: true }
    },
    {
      name: "no-path-across-packages",
      comment: "Another package is imported by its name, never by a path.",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^packages/", pathNot: "^packages/$1/", dependencyTypes: ["local"] }
    },
    {
      name: "only-named-dependencies",
      // The tests of bootstrap run with the vitest of the root.
      comment: "The package.json of the package does not name what it imports.",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/bootstrap/test/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["npm-peer"] }
    },
    {
      name: "no-development-dependencies",
      comment: "Sources import nothing that is only installed for development.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm-peer"] }
    },
    {
      name: "resolvable",
      comment: "What is imported does not exist: it was not built, or its package does not export it.",
      severity: "error",
      from: { path: "^packages/" },
      to: { couldNotResolve: true }
    },
    ...named,
    ...floors
  ],
  options: {
    doNotFollow: { path: ["node_modules", "/dist/"] },
    exclude: { path: ["/build/", "/target/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["types", "import", "node", "default"] }
  }
}
