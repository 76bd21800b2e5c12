/** A home and caches of its own, in a directory. */
export const environmentIn = (home) => ({
  HOME: home,
  // uv leaves a lock there for each project.
  TMPDIR: home,
  PIXI_HOME: `${home}/pixi`,
  PIXI_CACHE_DIR: `${home}/cache`,
  UV_CACHE_DIR: `${home}/uv-cache`,
  UV_PYTHON_DOWNLOADS: "never",
  XDG_CONFIG_HOME: `${home}/config`,
  NO_PROXY: "127.0.0.1",
  no_proxy: "127.0.0.1"
})
