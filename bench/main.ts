/**
 * @module
 * `npm run bench -- <what>`: the figures of docs/benchmarks.md.
 */
import { Command, Option } from "commander";
import { type AttackOptions, benchAttacks } from "./attacks/command.ts";
import { benchBands } from "./bands.ts";
import { type BatchBenchOptions, benchBatch } from "./batch/command.ts";
import { benchCold } from "./cold.ts";
import { benchEngine } from "./engine/command.ts";
import type { Which } from "./engine/model.ts";
import { benchExams } from "./exams/command.ts";
import { benchProcesses } from "./exams/processes.ts";
import { benchFidelity, type FidelityOptions } from "./fidelity/command.ts";
import { benchFullSize } from "./full-size.ts";
import { hardware } from "./hardware.ts";
import { benchPipeline } from "./pipeline.ts";
import { benchSoak, type SoakOptions } from "./soak.ts";

const program = new Command("bench").description("print the figures of docs/benchmarks.md");

program
  .command("pipeline")
  .description("time, memory and bytes of the networks and of whole requests in workerd")
  .option("--repeat <n>", "how often each row is measured", Number, 5)
  .option("--json", "print the rows as one line of JSON at the end")
  .action(async (options: { repeat: number; json?: boolean }) => {
    console.log(hardware());
    await benchPipeline({ repeat: options.repeat, json: options.json ?? false });
  });

program
  .command("full-size")
  .description("whole requests at 2944 x 1920: one process, and crops in one or two others; memory of either isolate")
  .option("--repeat <n>", "how often each row is measured", Number, 3)
  .option("--json", "print one line of JSON at the end")
  .action(async (options: { repeat: number; json?: boolean }) => {
    console.log(hardware());
    await benchFullSize({ repeat: options.repeat, json: options.json ?? false });
  });

program
  .command("cold")
  .description(
    "what a fresh isolate costs: its start beside a Worker that does nothing, its first answer beside later ones",
  )
  .option("--repeat <n>", "processes of each configuration", Number, 5)
  .option("--json", "print the rows as one line of JSON at the end")
  .action(async (options: { repeat: number; json?: boolean }) => {
    console.log(hardware());
    await benchCold({ repeat: options.repeat, json: options.json ?? false });
  });

program
  .command("attacks")
  .description("slow senders, idle connections, more callers than can be served: who is answered, and what it takes")
  .option("--seconds <n>", "how long each of them lasts", Number, 60)
  .option("--senders <n>", "that send 31.6 MiB and stand still", Number, 8)
  .option("--connections <n>", "that send 164 bytes and stand still", Number, 1500)
  .option("--callers <n>", "that ask again as soon as they are answered", Number, 20)
  .option("--json", "print one line of JSON at the end")
  .action(async ({ json = false, ...options }: Omit<AttackOptions, "json"> & { json?: boolean }) => {
    console.log(hardware());
    await benchAttacks({ ...options, json });
  });

program
  .command("soak")
  .description(
    "one request after the other, every fifth broken: answers, and memory from row to row beside a Worker that does nothing",
  )
  .option("--requests <n>", "how many", Number, 1000)
  .option("--models <folder>", "bundles to serve; the first answers", "models")
  .option("--collect", "let V8 collect all garbage often, so that only what is held stays")
  .option("--json", "print the rows as one line of JSON at the end")
  .action(
    async ({
      json = false,
      collect = false,
      ...options
    }: Partial<SoakOptions> & Pick<SoakOptions, "requests" | "models">) => {
      console.log(hardware());
      await benchSoak({ ...options, collect, json });
    },
  );

program
  .command("batch")
  .description("images a second of glam batch against the typed client, four at once, in turns; memory over a run")
  .option("--images <n>", "files of the archive", Number, 100)
  .option("--rounds <n>", "how often each way is measured", Number, 3)
  .option("--broken <n>", "how many of the files are broken; with --kill", Number, 0)
  .option("--kill", "instead, a run that is killed twice against an undisturbed one")
  .option("--json", "print one line of JSON at the end")
  .action(
    async ({
      kill = false,
      json = false,
      ...options
    }: Partial<BatchBenchOptions> & Pick<BatchBenchOptions, "images" | "rounds" | "broken">) => {
      console.log(hardware());
      await benchBatch({ ...options, kill, json });
    },
  );

program
  .command("exams")
  .description("exams whose Worker is killed at random moments: what is lost, doubled, different, told or left behind")
  .option("--exams <n>", "of four views", Number, 50)
  .option("--at-once <n>", "how many of them are under way at once", Number, 1)
  .option("--kills <n>", "kill -9 at moments that the seed gives", Number, 50)
  .option("--seed <n>", "of the moments", Number, 1)
  .option("--bucket", "with tiles and answers in a bucket")
  .option("--json", "print one line of JSON at the end")
  .option("--processes", "instead, how much faster two crop processes are than one, at the released size")
  .option("--repeat <n>", "how often each is measured, with --processes", Number, 1)
  .option("--regions <k>", "crops of an image, with --processes", Number, 6)
  .action(
    async ({
      processes = false,
      bucket = false,
      json = false,
      repeat,
      regions,
      ...options
    }: Omit<Parameters<typeof benchExams>[0] & Parameters<typeof benchProcesses>[0], "json" | "bucket"> & {
      processes?: boolean;
      bucket?: boolean;
      json?: boolean;
    }) => {
      console.log(hardware());
      if (processes) await benchProcesses({ repeat, regions, json });
      else if (!(await benchExams({ ...options, bucket, json }))) process.exitCode = 1;
    },
  );

program
  .command("bands")
  .description("one crop as a whole against two bands of it on two processes: where sharing a crop pays")
  .option("--repeat <n>", "how often each way is measured", Number, 7)
  .option("--json", "print the rows as one line of JSON at the end")
  .action(async (options: { repeat: number; json?: boolean }) => {
    console.log(hardware());
    await benchBands({ repeat: options.repeat, json: options.json ?? false });
  });

program
  .command("engine")
  .description("the SIMD engine against onnxruntime-web, onnxruntime-node and PyTorch, one thread each")
  .option("--spec <name>", "spec of the networks", "glam-2944x1920")
  .option("--rounds <n>", "how often each row is measured", Number, 3)
  .option("--crop <side>", "a smaller crop, for a quick look", Number)
  .option("--networks <name...>", "local, global or both", ["local", "global"])
  .addOption(
    new Option("--clock <kind>", "cpu: processor time, for a machine that others use; without workerd")
      .choices(["wall", "cpu"])
      .default("wall"),
  )
  .option("--without <name...>", "rows to leave out", [])
  .option("--json", "print one line of JSON at the end")
  .action(
    async (options: {
      spec: string;
      rounds: number;
      crop?: number;
      networks: Which[];
      without: string[];
      clock: "wall" | "cpu";
      json?: boolean;
    }) => {
      console.log(hardware());
      await benchEngine({ ...options, json: options.json ?? false });
    },
  );

program
  .command("fidelity")
  .description(
    "a checkpoint through glam import and the pipeline against PyTorch's float32; fails outside the tolerances",
  )
  .option("--spec <name|file.json>", "spec of the networks", "glam-2944x1920")
  .option("--seed <n>", "of the random weights and of the images", Number, 1)
  .option("--images <n>", "how many", Number, 20)
  .addOption(new Option("--weights <kind>", "number format").choices(["int8", "f32", "both"]).default("both"))
  .option("--checkpoint <file.pt>", "your own in place of random weights")
  .option("--regions <k>", "crops of an image (default: the spec's)", Number)
  .option("--json", "print one line of JSON at the end")
  .action(async ({ json = false, ...options }: Omit<FidelityOptions, "json"> & { json?: boolean }) => {
    console.log(hardware());
    const result = await benchFidelity({ ...options, json });
    if (Object.values(result).some(({ broken }) => broken.length > 0)) process.exitCode = 1;
  });

await program.parseAsync();
