/**
 * @module
 * The worker's side of preprocessing.
 */
import { GlamError } from "../../../glam/problem.ts";
import { decodeGreyImage } from "../../images/index.ts";
import { preprocess } from "../../preprocess/index.ts";
import type { Port, Reply, Task } from "./messages.ts";

/**
 * Decodes and preprocesses what {@link preprocessInWorker} sends; other messages are left alone.
 * @example
 * // worker.js, all of it
 * import { servePreprocessing } from "glam-edge/client";
 * servePreprocessing(self);
 */
export function servePreprocessing(scope: Port): void {
  scope.addEventListener("message", ({ data }) => {
    if (!isTask(data)) return;
    const reply = work(data);
    scope.postMessage(reply, { transfer: "done" in reply ? [reply.done.canvas.pixels.buffer] : [] });
  });
}

const isTask = (data: unknown): data is Task => typeof data === "object" && data !== null && "glamTask" in data;

function work({ glamTask, image, spec, options }: Task): Reply {
  try {
    const source = image instanceof Uint8Array ? decodeGreyImage(image) : image;
    const { toSource: _, toCanvas: __, ...done } = preprocess(source, spec, options);
    return { glamTask, done, width: source.width };
  } catch (error) {
    const { code, at } = error instanceof GlamError ? error : { code: undefined, at: undefined };
    return { glamTask, failed: { code, message: error instanceof Error ? error.message : "", at } };
  }
}
