/**
 * @module
 * One thread of `glam films implants`: a film and a seed in, a group of images and their labels out.
 */
import { parentPort } from "node:worker_threads";
import { type ImplantRequest, implantGroup } from "./implant-group.ts";

parentPort?.on("message", (request: ImplantRequest) => {
  const group = implantGroup(request);
  parentPort?.postMessage(
    group,
    group.map(({ pixels }) => pixels.buffer),
  );
});
