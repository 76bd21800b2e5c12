/**
 * Names of packages, extras and dependency groups (PEP 503).
 *
 * @module
 * @since 0.1.0
 */

/**
 * The normalized form of a name, such as `ruamel-yaml` for `Ruamel.Yaml`; `undefined` if the text is not a name.
 *
 * @since 0.1.0
 * @category operations
 */
export const normalizedName = (name: string): string | undefined =>
  /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)
    ? name
    : /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i.test(name)
    ? name.toLowerCase().replace(/[-_.]+/g, "-")
    : undefined

/**
 * The normalized form of a name; a text that is not a name stays as it is, so that a lookup finds nothing.
 *
 * @since 0.1.0
 * @category operations
 */
export const normalized = (name: string): string => normalizedName(name) ?? name
