import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { decode } from "fast-png";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeJpeg } from "../../src/codecs/jpeg/decode-jpeg.ts";
import { segmentationSchema } from "../../src/contract/index.ts";
import { manifestSchema } from "../../src/contract/manifest.ts";
import { encodeTile } from "../../src/device/client/encode.ts";
import { cutTiles } from "../../src/device/client/tiles.ts";
import type { Canvas } from "../../src/glam/contracts.ts";
import { wholeMap } from "../../src/glam/fused-map.ts";
import { type SegmentationResult, segment } from "../../src/glam/pipeline.ts";
import { type LocalWorker, startLocalWorker } from "../../tools/local-worker.ts";
import { nodeRuntime, segmentCropsWith } from "../../tools/onnx/session.ts";
import { tinyCanvas, tinyForm, tinyTile } from "../support/tiny-image.ts";

const folder = new URL("../fixtures/models/glam-tiny/", import.meta.url);
let worker: LocalWorker;
beforeAll(async () => {
  worker = await startLocalWorker({ model: fileURLToPath(folder), vars: { DEADLINE_MS: "300000" } });
});
afterAll(() => worker.stop());

/** The pure pipeline in Node. */
async function inNode(canvas: Canvas): Promise<SegmentationResult> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(new URL("model.json", folder), "utf8")));
  const read = (which: "global" | "local") => readFile(new URL(manifest.networks[which].file.path, folder));
  const globalNetwork = await nodeRuntime.globalNetwork(await read("global"), manifest.spec);
  const localNetwork = await nodeRuntime.localNetwork(await read("local"), manifest.spec);
  const segmentCrop = segmentCropsWith(localNetwork);
  for await (const event of segment(canvas, { spec: manifest.spec, globalNetwork, segmentCrop, regions: 4 })) {
    if (event.type === "result") return event;
  }
  throw new Error("no result");
}

/** The canvas as it is after its tiles went through JPEG. */
function throughJpeg(canvas: Canvas): Canvas {
  const pixels = new Uint8Array(canvas.pixels.length);
  for (const tile of cutTiles(canvas, tinyTile, { skipBlank: true })) {
    const decoded = decodeJpeg(encodeTile(tile, "jpeg").bytes, tile, "tile");
    for (let y = 0; y < tile.height; y++) {
      const row = decoded.pixels.subarray(y * tile.width, (y + 1) * tile.width);
      pixels.set(row, (tile.row * tinyTile.height + y) * canvas.width + tile.col * tinyTile.width);
    }
  }
  return { ...canvas, pixels };
}

test.each([
  ["8-bit PNG", "png", tinyCanvas(8, 6), (canvas: Canvas) => canvas],
  ["16-bit PNG", "png", tinyCanvas(16, 6), (canvas: Canvas) => canvas],
  ["JPEG", "jpeg", tinyCanvas(8, 6), throughJpeg],
] as const)(
  "%s: the Worker answers what the pipeline says in Node, to the last bit",
  async (_, encoding, canvas, decoded) => {
    const body = tinyForm(canvas, encoding, { regions: 4 });
    const response = await fetch(new URL("/v1/segmentations", worker.url), { method: "POST", body });
    const answer = segmentationSchema.parse(await response.json());
    const pure = await inNode(decoded(canvas));
    expect(answer.scores).toEqual({ ...pure.scores, calibrated: false });
    expect(answer.regions).toEqual(
      pure.outcomes.map((outcome) => ({
        ...outcome.region,
        status: "complete",
        localMaximum: outcome.status === "complete" && outcome.localMaximum,
      })),
    );
    const { height, width, data } = wholeMap(pure.fused);
    for (const [c, name] of [[0, "benign"] as const, [1, "malignant"] as const]) {
      const grey = Uint8Array.from(data.subarray(c * height * width, (c + 1) * height * width), (p) =>
        Math.round(p * 255),
      );
      const png = decode(Buffer.from(answer.saliency?.[name].data ?? "", "base64"), { checkCrc: true });
      expect(png).toMatchObject({ height, width, channels: 1, depth: 8 });
      expect(Buffer.from(png.data).equals(grey)).toBe(true);
    }
  },
);
