/**
 * @module
 * One thread of `glam phantom dataset`: seeds in, samples out.
 */
import { parentPort } from "node:worker_threads";
import { drawSample, type SampleRequest } from "./phantom-sample.ts";

parentPort?.on("message", (request: SampleRequest) => {
  const sample = drawSample(request);
  parentPort?.postMessage(sample, [sample.pixels.buffer, sample.codes.buffer]);
});
