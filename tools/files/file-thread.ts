/**
 * @module
 * One thread that segments whole files: a file's bytes and what is asked in, an outcome out. It holds networks of its own.
 */
import { parentPort, workerData } from "node:worker_threads";
import { type FileRequest, segmentFile } from "./segment-file.ts";
import { openSegmenter } from "./segmenter.ts";

const segmenter = openSegmenter(workerData);
// The first request tells why it cannot be had.
segmenter.catch(() => undefined);

parentPort?.on("message", async (request: FileRequest) => {
  const outcome = await segmentFile(request, segmenter);
  const given = outcome.status === "answered" ? outcome.made.map(({ bytes }) => bytes.buffer) : [];
  parentPort?.postMessage(outcome, given);
});
