import { assert, describe, it } from "@effect/vitest"
import * as DistInfoName from "../src/DistInfoName.js"

describe("DistInfoName", () => {
  it.each([
    ["/p/lib/python3.12/site-packages/numpy-2.1.0.dist-info", { name: "numpy", version: "2.1.0" }],
    ["Zope.Interface-6.0.dist-info", { name: "zope-interface", version: "6.0" }],
    ["ruamel_yaml-1.0+local.2.dist-info", { name: "ruamel-yaml", version: "1.0+local.2" }],
    ["old-style-1.0.dist-info", { name: "old-style", version: "1.0" }],
    ["~umpy-2.1.0.dist-info", undefined],
    ["numpy.dist-info", undefined],
    ["numpy-2.1.0.egg-info", undefined]
  ])("%s", (directory, expected) => assert.deepStrictEqual(DistInfoName.parse(directory), expected))
})
