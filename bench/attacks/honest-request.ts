/**
 * @module
 * The request that is sent during attacks and long runs.
 */
import { encodeTile } from "../../src/device/client/encode.ts";
import { loadModel } from "../../src/device/client/index.ts";
import { generatePhantom } from "../../src/phantom/index.ts";

/** @returns sends a phantom as one PNG, for outlines, with further headers; to another Worker when its URL is given */
export async function honestRequest(
  url: URL,
): Promise<(headers: Record<string, string>, to?: URL) => Promise<Response>> {
  const { canvas } = (await loadModel({ url })).manifest.spec;
  const phantom = generatePhantom({ seed: 2, ...canvas, bits: 8, view: "L-MLO", lesions: 2 });
  const { bytes, type } = encodeTile(phantom, "png");
  const form = new FormData();
  form.set("request", JSON.stringify({ view: "L-MLO", outputs: ["contours"] }));
  form.set("image", new Blob([bytes], { type }));
  return (headers, to = url) => fetch(new URL("/v1/segmentations", to), { method: "POST", body: form, headers });
}
