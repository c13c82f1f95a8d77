#!/usr/bin/env node
/**
 * @module
 * The `glam` command line.
 */
import { ConnectionError } from "../src/device/client/index.ts";
import { GlamError } from "../src/glam/problem.ts";
import { ServiceGone } from "./batch/settle-file.ts";
import { glamProgram } from "./program.ts";

try {
  await glamProgram().parseAsync();
} catch (error) {
  if (!(error instanceof GlamError || error instanceof ConnectionError || error instanceof ServiceGone)) throw error;
  process.stderr.write(`error: ${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
