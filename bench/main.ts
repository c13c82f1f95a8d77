/**
 * @module
 * `npm run bench -- <what>`: every figure that the README quotes.
 */
import { Command, Option } from "commander";
import { benchEngine } from "./engine/command.ts";
import type { Which } from "./engine/model.ts";
import { hardware } from "./hardware.ts";
import { benchPipeline } from "./pipeline.ts";

const program = new Command("bench").description("measure what the README quotes");

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

await program.parseAsync();
