import { expect, test } from "vitest";
import { nodeServices, tinyRegistry } from "../../../test/support/node-services.ts";
import { tinyForm } from "../../../test/support/tiny-image.ts";
import { drawPhantom } from "../../../tools/dataset/phantom-sample.ts";
import { fitLooks } from "../../../tools/unlike/fit.ts";
import { negativeBreast } from "../../../tools/unlike/negative.ts";
import { imageOf, rasterOf } from "../../../tools/unlike/raster.ts";
import { segmentationSchema } from "../../contract/index.ts";
import type { Canvas } from "../../glam/contracts.ts";
import { measureLooks } from "../../glam/looks/measure.ts";
import { createApp } from "./app.ts";

const registry = await tinyRegistry();
const { height, width } = (await registry.manifest("glam-tiny")).spec.canvas;
const phantoms = Array.from({ length: 30 }, (_, k): Canvas => {
  const { pixels } = drawPhantom({ seed: 900 + k, height, width });
  return { height, width, pixels };
});
const looks = fitLooks(new Map([["phantoms", phantoms.map(measureLooks)]]));
const fitted = { ...registry, manifest: async (name: string) => ({ ...(await registry.manifest(name)), looks }) };

async function ask(canvas: Canvas, from: typeof registry, accept = "application/json"): Promise<string> {
  const body = tinyForm(canvas, "png");
  const response = await createApp(nodeServices(from)).request("/v1/segmentations", {
    method: "POST",
    body,
    headers: { accept },
  });
  expect(response.status).toBe(200);
  return response.text();
}

const codes = async (canvas: Canvas, from: typeof registry): Promise<string[]> =>
  segmentationSchema.parse(JSON.parse(await ask(canvas, from))).warnings.map(({ code }) => code);

test("a negative of an image like those of training gets the warning, the image itself does not", async () => {
  const negative = imageOf(negativeBreast(rasterOf(phantoms[0])));
  expect(await codes(phantoms[0], fitted)).not.toContain("unlike-training");
  expect(await codes(negative, fitted)).toContain("unlike-training");
  expect(await codes(negative, registry)).not.toContain("unlike-training");
  const stream = await ask(negative, fitted, "text/event-stream");
  const [accepted] = stream.split("event: global");
  expect(accepted).toContain("event: accepted");
  expect(accepted).toContain('"unlike-training"');
});
