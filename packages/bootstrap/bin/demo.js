#!/usr/bin/env node
// @ts-check
/** Starts the demo with the executable of its package manager. */
import { start } from "../src/start.js"

await start("packages/demo/bin/darb.js")
