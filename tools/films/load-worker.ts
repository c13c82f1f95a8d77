/**
 * @module
 * One thread that loads films: a film and a spec in, the film on its canvas or why there is none out.
 */
import { parentPort } from "node:worker_threads";
import { type LoadRequest, tryToLoad } from "./loaded-films.ts";

parentPort?.on("message", async (request: LoadRequest) => {
  const answer = await tryToLoad(request);
  parentPort?.postMessage(answer, "canvas" in answer ? [answer.canvas.pixels.buffer as ArrayBuffer] : []);
});
