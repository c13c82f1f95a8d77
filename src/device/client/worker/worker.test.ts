import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerFor, fakeService, json, tinyManifest } from "../../../../test/support/fake-service.ts";
import { tinyCanvas } from "../../../../test/support/tiny-image.ts";
import type { ModelDetail } from "../../../contract/service.ts";
import { preprocess } from "../../preprocess/index.ts";
import { encodeTile } from "../encode.ts";
import { segment } from "../index.ts";
import { preprocessInWorker } from "./preprocess-in-worker.ts";
import { servePreprocessing } from "./serve-preprocessing.ts";

const model = { name: "glam-tiny", manifest: tinyManifest } as unknown as ModelDetail;
const { spec } = model.manifest;
const image = { ...tinyCanvas(8, 2), bits: 8 };
const options = { view: "R-CC", chestWall: "right", pixelSpacing: 0.8 } as const;

/** Two ports between which everything is cloned, as between threads. */
let channel: MessageChannel;
beforeEach(() => {
  channel = new MessageChannel();
  channel.port1.start();
  channel.port2.start();
});
afterEach(() => channel.port1.close());

test("the result is that of this thread, functions too, for pixels and files", async () => {
  servePreprocessing(channel.port2);
  const inWorker = preprocessInWorker(channel.port1);
  const { toSource, toCanvas, ...plain } = preprocess(image, spec, options);
  for (const source of [image, encodeTile(image, "png").bytes]) {
    const result = await inWorker(source, spec, options);
    expect(result).toMatchObject(plain);
    expect(result.mirrored).toBe(true);
    for (const [row, col] of [
      [0, 0],
      [17, 5],
    ]) {
      expect(result.toSource(row, col)).toEqual(toSource(row, col));
      expect(result.toCanvas(row, col)).toEqual(toCanvas(row, col));
    }
  }
  expect(image.pixels.length).toBe(image.height * image.width);
});

test("errors keep their code, and several tasks their order", async () => {
  servePreprocessing(channel.port2);
  const inWorker = preprocessInWorker(channel.port1);
  const black = { ...image, pixels: new Uint8Array(image.pixels.length) };
  const all = [black, image, new Uint8Array([1, 2, 3])].map((source) => inWorker(source, spec, options));
  const [first, second, third] = await Promise.allSettled(all);
  expect(first).toMatchObject({ reason: { name: "GlamError", code: "constant-image" } });
  expect(second).toMatchObject({ status: "fulfilled" });
  expect(third).toMatchObject({ reason: { code: "image-unreadable" } });
});

test("an abort ends the wait, and what comes later does not harm; a broken worker is an error", async () => {
  const inWorker = preprocessInWorker(channel.port1);
  const caller = new AbortController();
  const listening = vi.spyOn(caller.signal, "removeEventListener");
  const waiting = inWorker(image, spec, options, caller.signal);
  caller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  expect(listening).toHaveBeenCalledOnce();
  await expect(inWorker(image, spec, options, caller.signal)).rejects.toThrow("enough");
  servePreprocessing(channel.port2);
  const next = inWorker(image, spec, options);
  await expect(next).resolves.toMatchObject({ mirrored: true });

  const silent = new MessageChannel();
  const broken = preprocessInWorker(silent.port1)(image, spec, options);
  silent.port1.dispatchEvent(new Event("error"));
  await expect(broken).rejects.toMatchObject({ code: "internal-error" });
  silent.port1.close();
});

test("a run uses it, and its options with functions are no hindrance", async () => {
  servePreprocessing(channel.port2);
  const { fetch, url } = fakeService(() => json(answerFor("R-CC", 0.5)));
  const run = segment(image, {
    ...options,
    ...{ url, fetch, model, signal: new AbortController().signal },
    preprocess: preprocessInWorker(channel.port1),
  });
  const { preprocessed, answer } = await run;
  expect(answer.scores.benign).toBe(0.5);
  expect(preprocessed.canvas).toEqual(preprocess(image, spec, options).canvas);
});
