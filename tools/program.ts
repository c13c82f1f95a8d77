/**
 * @module
 * The commands of `glam`. Each lives in its own file under commands/.
 */
import { Command } from "commander";
import { adaptCommand } from "./commands/adapt.ts";
import { batchCommand } from "./commands/batch.ts";
import { bundleCommand } from "./commands/bundle.ts";
import { demoCommand } from "./commands/demo.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { filmsCommand } from "./commands/films.ts";
import { importCommand } from "./commands/import.ts";
import { phantomCommand } from "./commands/phantom.ts";
import { segmentCommand } from "./commands/segment.ts";
import { serveCommand } from "./commands/serve.ts";

/** The whole command line, not yet run. */
export const glamProgram = (): Command =>
  new Command("glam")
    .description("Lesion segmentation in mammograms with GLAM, at the edge. Research use only, not a medical device.")
    .version("0.1.0")
    .enablePositionalOptions()
    .addCommand(demoCommand())
    .addCommand(segmentCommand())
    .addCommand(batchCommand())
    .addCommand(serveCommand())
    .addCommand(phantomCommand())
    .addCommand(importCommand())
    .addCommand(evaluateCommand())
    .addCommand(filmsCommand())
    .addCommand(bundleCommand())
    .addCommand(adaptCommand());
