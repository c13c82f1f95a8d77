/**
 * @module
 * Opens one image of a sample in the worker.
 */
import type { Size } from "../../src/glam/spec.ts";
import { type Ask, CallFailed } from "../worker/connection.ts";
import type { SourceInfo } from "../worker/protocol.ts";
import type { SampleImage } from "./sample.ts";

/** @param canvas size of phantoms @returns what is known of it, view and pixel spacing too @throws CallFailed */
export async function openSampleImage(ask: Ask, slot: number, image: SampleImage, canvas: Size): Promise<SourceInfo> {
  if (!("url" in image)) return ask("sample", { slot, options: image.phantom, canvas });
  const bytes = await fetch(image.url)
    .then((response) => (response.ok ? response.arrayBuffer() : Promise.reject(new Error())))
    .catch(() => {
      throw new CallFailed({ code: "connection-lost", detail: "The sample's picture could not be loaded." });
    });
  const source = await ask("read", { slot, bytes, sample: image.facts }, { transfer: [bytes] });
  return { ...source, view: image.view, pixelSpacing: image.pixelSpacing };
}
