import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../../src/edge/api/app.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { mammogramFile } from "../../test/support/dicom-mammogram.ts";
import { nodeServices, tinyRegistry } from "../../test/support/node-services.ts";
import { type Listening, listen } from "../serve/listen.ts";
import { type FileOutcome, segmentFile } from "./segment-file.ts";
import { modelOf, openSegmenter, type SegmenterPlace } from "./segmenter.ts";

const folder = fileURLToPath(new URL("../../test/fixtures/models/glam-tiny", import.meta.url));
const question = { outputs: ["overlay" as const], threshold: 0.3, regions: 2 };
let service: Listening;
beforeAll(async () => {
  const app = createApp(nodeServices(await tinyRegistry()));
  service = await listen((request) => app.fetch(request), 0);
});
afterAll(() => service.close());

function file(bits: 8 | 12): Uint8Array {
  const { view, ...image } = generatePhantom({ seed: 5, height: 160, width: 120, bits, view: "R-MLO" });
  return mammogramFile(image, { view, pixelSpacing: 1.3 });
}

async function outcomeOf(place: SegmenterPlace, bytes: Uint8Array): Promise<FileOutcome> {
  return segmentFile({ bytes, question }, openSegmenter(place));
}

test.each([8, 12] as const)(
  "a service and this machine answer the same to %i bits, to the last digit",
  async (bits) => {
    const url = service.url.href;
    const [here, there] = [await outcomeOf({ folder }, file(bits)), await outcomeOf({ url }, file(bits))];
    if (here.status !== "answered" || there.status !== "answered") throw new Error("There is no answer.");
    // A service counts the tiles that came.
    expect({ ...there.answer, tiles: 0 }).toEqual({ ...here.answer, tiles: 0 });
    expect(there.made).toEqual(here.made);
    expect(await modelOf({ url })).toEqual(await modelOf({ folder }));
  },
);

test("a service that is not there, or has no such model, is not the file's fault", async () => {
  const gone = { url: "http://127.0.0.1:9" };
  expect(await outcomeOf(gone, file(8))).toMatchObject({ code: "connection-lost", fault: "service" });
  const other = { url: service.url.href, name: "other" };
  expect(await outcomeOf(other, file(8))).toMatchObject({ code: "model-not-found", fault: "service" });
});
