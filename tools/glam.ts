#!/usr/bin/env node
/**
 * @module
 * The `glam` command line. Each command lives in its own file under commands/.
 */
import { Command } from "commander";
import { ConnectionError } from "../src/device/client/index.ts";
import { GlamError } from "../src/glam/problem.ts";
import { bundleCommand } from "./commands/bundle.ts";
import { demoCommand } from "./commands/demo.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { filmsCommand } from "./commands/films.ts";
import { importCommand } from "./commands/import.ts";
import { phantomCommand } from "./commands/phantom.ts";
import { segmentCommand } from "./commands/segment.ts";

const program = new Command("glam")
  .description("Lesion segmentation in mammograms with GLAM, at the edge. Research use only, not a medical device.")
  .version("0.1.0")
  .enablePositionalOptions()
  .addCommand(demoCommand())
  .addCommand(segmentCommand())
  .addCommand(phantomCommand())
  .addCommand(importCommand())
  .addCommand(evaluateCommand())
  .addCommand(filmsCommand())
  .addCommand(bundleCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof GlamError || error instanceof ConnectionError)) throw error;
  process.stderr.write(`error: ${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
