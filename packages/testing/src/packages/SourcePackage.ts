/**
 * Python packages in source form, which a build backend without dependencies builds.
 *
 * @module
 * @since 0.1.0
 */

/**
 * A build backend in the source directory. As setuptools does, it leaves `egg-info` there.
 *
 * @since 0.1.0
 * @category values
 */
export const backend = `
import os, zipfile

def _metadata():
    here = os.path.basename(os.getcwd())
    os.makedirs(here + ".egg-info", exist_ok=True)
    text = "Metadata-Version: 2.1\\nName: %s\\nVersion: 1.0\\n" % here
    with open(here + ".egg-info/PKG-INFO", "w") as file:
        file.write(text)
    return here, text

def prepare_metadata_for_build_wheel(directory, settings=None):
    name, text = _metadata()
    info = name + "-1.0.dist-info"
    os.makedirs(os.path.join(directory, info), exist_ok=True)
    with open(os.path.join(directory, info, "METADATA"), "w") as file:
        file.write(text)
    return info

prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel

def build_wheel(directory, settings=None, metadata=None):
    name, text = _metadata()
    info = name + "-1.0.dist-info"
    wheel = name + "-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as file:
        file.writestr(info + "/METADATA", text)
        file.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        file.writestr(info + "/RECORD", "")
    return wheel

build_editable = build_wheel

def get_requires_for_build_wheel(settings=None):
    return []

get_requires_for_build_editable = get_requires_for_build_wheel
`

const buildSystem = "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n"

/**
 * The manifest of a project.
 *
 * @since 0.1.0
 * @category operations
 */
export const project = (name: string, fields: string) =>
  `[project]\nname = "${name}"\nrequires-python = ">=3.8"\n${fields}`

/**
 * The manifest of a package whose metadata can be read without a build.
 *
 * @since 0.1.0
 * @category operations
 */
export const fixed = (name: string, more = "") => project(name, `version = "1.0"\n${more}\n${buildSystem}`)

/**
 * The manifest of a package whose version only a build tells.
 *
 * @since 0.1.0
 * @category operations
 */
export const dynamic = (name: string) => project(name, `dynamic = ["version"]\n\n${buildSystem}`)
