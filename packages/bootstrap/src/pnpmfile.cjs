// @ts-check
/** Adds to a package that is packed where its sources are. The address is only known when it is published. */
module.exports = {
  hooks: {
    /** @param {{ name: string }} manifest */
    beforePacking: (manifest) => {
      const url = process.env.DARB_REPOSITORY
      if (url === undefined) return manifest
      const [, folder] = manifest.name.split("/")
      return {
        ...manifest,
        repository: { type: "git", url: `git+${url}.git`, directory: `packages/${folder}` },
        homepage: `${url}/tree/main/packages/${folder}#readme`,
        bugs: { url: `${url}/issues` }
      }
    }
  }
}
