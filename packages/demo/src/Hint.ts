/** What a person may do about a failure, where the program knows more than the error says. */
import { didYouMean } from "@darb/package-manager/driver/DidYouMean"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as PackageManagers from "@darb/package-manager/PackageManagers"
import * as Effect from "effect/Effect"
import * as App from "./App.js"
import type * as Argv from "./Argv.js"
import * as Commands from "./Commands.js"
import type { Failure } from "./Failure.js"

/** Packages that many environments have. */
const popular = [
  ..."black dask django fastapi flask ipython jinja2 jupyter jupyterlab keras matplotlib mypy networkx notebook".split(
    " "
  ),
  ..."numba numpy opencv openpyxl pandas pillow plotly polars pyarrow pydantic pytest python python-dateutil".split(
    " "
  ),
  ..."pytorch pyyaml requests rich ruff scikit-image scikit-learn scipy seaborn sqlalchemy statsmodels sympy".split(
    " "
  ),
  ..."tensorflow torch tqdm transformers typer urllib3 xarray".split(" ")
]

export const hint = Effect.fnUntraced(function*(error: Failure, { command, path }: Argv.Call) {
  switch (error._tag) {
    case "EnvironmentNotFound":
      return yield* otherManager(error.manager, path)
    case "ExecutableNotFound":
      return "Or name it with --executable FILE."
    case "DependencyNotFound":
      return meant(error.packages, yield* dependencies(path))
    case "PackageNotFound":
      return meant(error.packages, popular)
    case "UnsupportedOption": {
      const { options }: Commands.Command = Commands.commands[command]
      const { name, text = "" } = options[error.option] ?? {}
      return name === undefined ? undefined : `--${name} is an option of ${text.replace(/:.*/, "")} only.`
    }
    case "InvalidOption":
      return error.option === "root"
        ? "Write it to config.yaml, or set PACKAGE_MANAGER_ENVIRONMENTS_ROOT."
        : undefined
    default:
      return undefined
  }
})

/** Says so if the directory is an environment of another manager. */
const otherManager = (manager: string, path: string) =>
  Effect.firstSuccessOf(
    Object.keys(App.drivers).filter((name) => name !== manager).map((name) =>
      PackageManagers.make(App.drivers, name).pipe(
        Effect.flatMap(({ getManifest }) => getManifest({ path })),
        Effect.as(`It is an environment of ${name}: use --manager ${name}.`)
      )
    )
  ).pipe(Effect.orElseSucceed(() => undefined))

const dependencies = (path: string) =>
  PackageManager.pipe(
    Effect.flatMap(({ getManifest }) => getManifest({ path })),
    Effect.map(({ packages, pypiPackages }) => Object.keys({ ...packages, ...pypiPackages })),
    Effect.orElseSucceed((): ReadonlyArray<string> => [])
  )

const meant = (names: ReadonlyArray<string>, known: ReadonlyArray<string>): string | undefined =>
  names.map((name) => didYouMean(name.toLowerCase(), known)).find((suggestion) => suggestion !== undefined)
