/**
 * @module
 * The images that the worker holds, and the work on each.
 */
import { encodeTile } from "../../src/client/encode.ts";
import { type EncodedTile, segmentationForm, streamSegmentation } from "../../src/client/segment.ts";
import { cutTiles } from "../../src/client/tiles.ts";
import { GlamError } from "../../src/glam/problem.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { type GreyImage, type Preprocessed, preprocess } from "../../src/preprocess/index.ts";
import { fetchWithProgress } from "./fetch-with-progress.ts";
import { createLiveMaps } from "./live-maps.ts";
import { makePreview } from "./preview.ts";
import type { Calls, RunEvent, SourceInfo } from "./protocol.ts";
import { type ReadImage, readImage } from "./read-image.ts";

type Slot = { read: ReadImage; prepared?: Preprocessed; running?: AbortController };

/** Full tiles are squares of this side; small enough that a lost connection costs little. */
const TILE_SIDE = 512;

/** Tells the page what happens. */
export type Tell = (event: RunEvent) => void;

const slots = new Map<number, Slot>();

function slotOf(slot: number): Slot {
  const found = slots.get(slot);
  if (!found) throw new GlamError("aborted", "The image was removed.");
  return found;
}

function describe({ image, format, view, pixelSpacing, notes }: ReadImage): SourceInfo {
  const { height, width, bits } = image;
  return {
    height,
    width,
    bits,
    format,
    preview: makePreview(image),
    notes,
    ...(view === undefined ? {} : { view }),
    ...(pixelSpacing === undefined ? {} : { pixelSpacing }),
  };
}

/** What each call does. */
export const work: { [K in keyof Calls]: (argument: Calls[K][0], tell: Tell) => Promise<Calls[K][1]> } = {
  async read({ slot, bytes }) {
    const read = await readImage(new Uint8Array(bytes));
    slots.set(slot, { read });
    return describe(read);
  },

  async sample({ slot, options, canvas }) {
    const phantom = generatePhantom({ ...options, ...canvas, bits: 12 });
    const { height, width, bits, pixels, view, pixelSpacing } = phantom;
    const image: GreyImage = { height, width, bits, pixels };
    const read: ReadImage = { image, format: "phantom", view, pixelSpacing, notes: [] };
    slots.set(slot, { read });
    return describe(read);
  },

  async prepare({ slot, spec, view, pixelSpacing }) {
    const held = slotOf(slot);
    delete held.prepared;
    const prepared = preprocess(held.read.image, spec, {
      view,
      ...(pixelSpacing === undefined ? {} : { pixelSpacing }),
    });
    held.prepared = prepared;
    const { canvas, bits, mirrored, scale, steps, warnings } = prepared;
    return {
      // The copy goes to the page; tiles are cut from the other.
      canvas: { ...canvas, pixels: canvas.pixels.slice() },
      bits,
      mirrored,
      scale,
      crop: steps.crop,
      filmBackground: steps.background === "film",
      warnings,
      preview: makePreview(canvas),
      ...(prepared.pixelSpacing === undefined ? {} : { pixelSpacing: prepared.pixelSpacing }),
    };
  },

  async segment({ slot, spec, view, model, apiKey }, tell) {
    const held = slotOf(slot);
    const { prepared } = held;
    if (!prepared) throw new GlamError("aborted", "The image is not prepared.");
    const abort = new AbortController();
    held.running = abort;
    try {
      const { canvas, pixelSpacing } = prepared;
      const tile = { height: Math.min(TILE_SIDE, canvas.height), width: Math.min(TILE_SIDE, canvas.width) };
      const tiles = encodeTiles(canvas, tile);
      tell({ kind: "encoding", tiles: tiles.length });
      const form = segmentationForm(
        {
          view,
          model,
          canvas: { height: canvas.height, width: canvas.width },
          tile,
          ...(pixelSpacing === undefined ? {} : { pixelSpacing }),
        },
        tiles,
      );
      const growing = createLiveMaps(spec);
      for await (const event of streamSegmentation(form, {
        url: self.location.origin,
        signal: abort.signal,
        fetch: fetchWithProgress((sent, total) => tell({ kind: "upload", sent, total })),
        ...(apiKey === undefined ? {} : { apiKey }),
      })) {
        const maps = growing(event);
        tell({ kind: "stream", event, ...(maps === undefined ? {} : { maps }) });
        if (event.event === "result") return event.data;
      }
      throw new TypeError("The stream ended before the result.");
    } finally {
      delete held.running;
    }
  },

  async cancel({ slot }) {
    slots.get(slot)?.running?.abort(new GlamError("aborted", "You cancelled it."));
    return undefined;
  },

  async release({ slot }) {
    slots.get(slot)?.running?.abort(new GlamError("aborted", "The image was removed."));
    slots.delete(slot);
    return undefined;
  },
};

/** Tiles with something on them: JPEG for 8 bits, PNG for more. */
function encodeTiles(canvas: Preprocessed["canvas"], tile: { height: number; width: number }): EncodedTile[] {
  const encoding = canvas.pixels instanceof Uint16Array ? "png" : "jpeg";
  return cutTiles(canvas, tile, { skipBlank: true }).map((cut) => ({
    row: cut.row,
    col: cut.col,
    ...encodeTile(cut, encoding),
  }));
}
