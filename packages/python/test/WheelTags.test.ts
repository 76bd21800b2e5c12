import { assert, describe, it } from "@effect/vitest"
import { fits } from "../src/WheelTags.js"

const numpy = [
  "numpy-2.4.6-cp311-cp311-macosx_10_9_x86_64.whl",
  "numpy-2.4.6-cp311-cp311-macosx_11_0_arm64.whl",
  "numpy-2.4.6-cp311-cp311-manylinux_2_27_aarch64.manylinux_2_28_aarch64.whl",
  "numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
  "numpy-2.4.6-cp311-cp311-musllinux_1_2_x86_64.whl",
  "numpy-2.4.6-cp311-cp311-win_amd64.whl",
  "numpy-2.4.6-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
  "numpy-2.4.6-cp313-cp313t-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
  "numpy-2.4.6-pp311-pypy311_pp73-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl"
].map((name) => `https://index/packages/${name}`)

const chosen = (wheels: ReadonlyArray<string>, python: string, platform: string) =>
  wheels.filter((wheel) => fits(wheel, python, platform)).map((wheel) => wheel.replace(/^.*\//, ""))

describe("the wheels of a Python on a platform", () => {
  it("are those of its version, ABI and machine", () => {
    assert.deepStrictEqual(chosen(numpy, "3.11.7", "linux-64"), [
      "numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl"
    ])
    assert.deepStrictEqual(chosen(numpy, "3.11.7", "osx-arm64"), ["numpy-2.4.6-cp311-cp311-macosx_11_0_arm64.whl"])
    assert.deepStrictEqual(chosen(numpy, "3.11.7", "win-64"), ["numpy-2.4.6-cp311-cp311-win_amd64.whl"])
    assert.deepStrictEqual(chosen(numpy, "3.13.0", "linux-64"), [])
    assert.deepStrictEqual(chosen(numpy, "3.11.7", "linux-riscv64"), [])
  })

  it("can be for several", () => {
    assert.isTrue(fits("six-1.17.0-py2.py3-none-any.whl", "3.14.0", "linux-riscv64"))
    assert.isTrue(fits("a-1-1-py3-none-any.whl#sha256=00", "3.9.0", "win-64"))
    assert.isFalse(fits("a-1-py2-none-any.whl", "3.9.0", "win-64"))
    assert.isFalse(fits("a-1-py312-none-any.whl", "3.11.0", "win-64"))
    assert.isTrue(fits("cryptography-46-cp38-abi3-manylinux_2_28_x86_64.whl", "3.11.7", "linux-64"))
    assert.isFalse(fits("cryptography-46-cp312-abi3-manylinux_2_28_x86_64.whl", "3.11.7", "linux-64"))
    assert.isFalse(fits("a-1.tar.gz", "3.11.7", "linux-64"))
  })
})
