#!/usr/bin/env node
// @ts-check
/** Starts the server with the executable of its package manager. */
import { start } from "../src/start.js"

await start("packages/server/bin/serve.js")
