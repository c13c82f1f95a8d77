/**
 * @module
 * A canvas through the HTTP endpoint: tiles cut, blank ones left out, encoded, sent, progress shown.
 */
import {
  modelDetailSchema,
  modelListSchema,
  problemSchema,
  type Segmentation,
  type SegmentationRequestInput,
} from "../src/api/schemas.ts";
import { encodeTile, type TileEncoding } from "../src/client/encode.ts";
import { ProblemError, type SendOptions, segmentationForm, streamSegmentation } from "../src/client/segment.ts";
import { cutTiles } from "../src/client/tiles.ts";
import type { Canvas } from "../src/glam/contracts.ts";
import type { Manifest } from "../src/models/manifest.ts";

/** Full tiles are squares of this side; small enough that a lost connection costs little. */
const TILE_SIDE = 512;

export type SegmentCanvasOptions = SendOptions & {
  canvas: Canvas;
  encoding: TileEncoding;
  request: Omit<SegmentationRequestInput, "canvas" | "tile">;
  /** Gets one line for each step. */
  progress?: (line: string) => void;
};

/** The manifest of the model that requests without `model` use. */
export async function defaultModel(url: URL, apiKey?: string): Promise<Manifest> {
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(new URL(path, url), { headers });
    const body: unknown = await response.json();
    if (!response.ok) throw new ProblemError(problemSchema.parse(body));
    return body;
  };
  const { models } = modelListSchema.parse(await get("/v1/models"));
  const name = models.find((model) => model.default)?.name ?? "";
  return modelDetailSchema.parse(await get(`/v1/models/${name}`)).manifest;
}

/** Sends the canvas and waits for the whole answer. @throws ProblemError, TypeError */
export async function segmentCanvas(options: SegmentCanvasOptions): Promise<Segmentation> {
  const { canvas, encoding, progress = () => {} } = options;
  const tile = { height: Math.min(TILE_SIDE, canvas.height), width: Math.min(TILE_SIDE, canvas.width) };
  const tiles = cutTiles(canvas, tile, { skipBlank: true }).map((cut) => ({
    row: cut.row,
    col: cut.col,
    ...encodeTile(cut, encoding),
  }));
  const bytes = tiles.reduce((sum, { bytes: { length } }) => sum + length, 0);
  progress(`sending ${tiles.length} ${encoding} tiles, ${(bytes / 1024).toFixed(0)} KiB`);
  const form = segmentationForm(
    { ...options.request, canvas: { height: canvas.height, width: canvas.width }, tile },
    tiles,
  );
  let done = 0;
  for await (const event of streamSegmentation(form, options)) {
    if (event.event === "accepted") progress(`accepted; ${event.data.regions} regions will be looked at`);
    if (event.event === "global") {
      const { benign, malignant } = event.data.scores;
      progress(`global network: benign ${benign.toFixed(3)}, malignant ${malignant.toFixed(3)}`);
    }
    if (event.event === "region") {
      done++;
      progress(`region ${event.data.region.rank + 1} ${event.data.region.status} (${done} done)`);
    }
    if (event.event === "result") return event.data;
  }
  throw new TypeError("The stream ended before the result.");
}
