#!/usr/bin/env node
/**
 * @module
 * The `glam` command line. Each command lives in its own file under commands/.
 */
import { Command } from "commander";
import { GlamError } from "../src/glam/problem.ts";

const program = new Command("glam")
  .description("Lesion segmentation in mammograms with GLAM, at the edge. Research use only, not a medical device.")
  .version("0.1.0");

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof GlamError)) throw error;
  process.stderr.write(`error: ${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
