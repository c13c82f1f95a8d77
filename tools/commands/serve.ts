/**
 * @module
 * `glam serve`: whole files over HTTP, for programs of this machine in any language.
 */
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { GlamError } from "../../src/glam/problem.ts";
import { openFileThreads } from "../files/file-threads.ts";
import { modelOf } from "../files/segmenter.ts";
import { createFilesApp } from "../serve/app.ts";
import { listen } from "../serve/listen.ts";
import { between } from "./number-option.ts";
import { type PlaceOptions, placeOf } from "./place-options.ts";

type ServeOptions = PlaceOptions & { port: number; workers?: number };

/** The `serve` command, to be added to the program. */
export function serveCommand(): Command {
  return new Command("serve")
    .summary("take whole files over HTTP, for programs on this machine")
    .description(
      "Listens on 127.0.0.1 alone. POST /v1/files takes DICOM, PNG, JPEG and PGM files, prepares them, computes here or asks a " +
        "service, and answers with scores and outlines in the file's own pixels, an overlay (Accept: image/png) or a DICOM " +
        "Segmentation (Accept: application/dicom). Writes nothing to the disk.",
    )
    .option("--port <n>", "port; 0 for any that is free", between(0, 65_535, true), 8790)
    .option("--url <url>", "base address of a running service that computes; only grey tiles leave the machine")
    .option("--api-key <key>", "key for services that ask for one")
    .option("--model <dir>", "folder of a model bundle to compute with here (default: the model that ships)")
    .option("--workers <n>", "files of one request at once (default: processor cores)", between(1, 64, true))
    .action(run);
}

async function run({ port, workers, ...options }: ServeOptions): Promise<void> {
  const place = await placeOf(options);
  const { name, version } = await modelOf(place);
  const threads = openFileThreads(place, workers ?? availableParallelism());
  const app = createFilesApp(threads, (line) => process.stderr.write(`${line}\n`));
  const { url } = await listen(app.fetch, port).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new GlamError("invalid-request", `Port ${port} cannot be listened on (${code}). Give another --port.`);
  });
  process.stdout.write(`${name} ${version} at ${url.origin}, for programs of this machine; Ctrl-C ends it\n`);
}
