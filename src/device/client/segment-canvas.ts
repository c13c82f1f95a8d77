/**
 * @module
 * A canvas that is preprocessed already, through the service.
 */
import type { Segmentation } from "../../contract/answer.ts";
import type { SegmentationRequestInput } from "../../contract/request.ts";
import type { Canvas } from "../../glam/contracts.ts";
import type { Size } from "../../glam/spec.ts";
import type { TileEncoding } from "./encode.ts";
import { defaultEncoding, type EncodedTile, encodeTiles } from "./encode-tiles.ts";
import type { Connection } from "./http.ts";
import { RETRIES } from "./retry.ts";
import { createRun, type Run } from "./run.ts";
import { type SendEvent, send, type UploadKeeping, type UploadMode } from "./send.ts";

/** Side of a full tile: small enough that a lost connection costs little. */
const TILE_SIDE = 512;

/** How a request is sent. */
export type SendOptions = Connection &
  UploadKeeping & {
    /** Default: PNG for more than 8 bits, JPEG of quality 95 otherwise. */
    encoding?: TileEncoding | undefined;
    /** Side of a full tile in pixels, default 512. */
    tileSide?: number | undefined;
    /** Default `auto`. */
    upload?: UploadMode | undefined;
    /** How often in a row it is tried again, default 8, which is about a minute; 0 for never. */
    retries?: number | undefined;
  };

/** The request, without the fields that follow from the canvas. */
export type CanvasRequest = Omit<SegmentationRequestInput, "canvas" | "tile" | "pixelSpacing">;

/** A canvas in the network's orientation; `pixelSpacing` of the canvas in mm. */
export type PreparedCanvas = { canvas: Canvas; pixelSpacing?: number | undefined };

/**
 * Cuts and encodes tiles, leaves out blank ones, sends them, yields what is known as soon as it is known, and returns the
 * answer. The run throws GlamError (ProblemError when the service said so), ConnectionError, or the signal's reason.
 * @example const answer = await segmentCanvas({ canvas }, { view: "L-CC" }, { url: "https://glam.example" });
 */
export const segmentCanvas = (
  prepared: PreparedCanvas,
  request: CanvasRequest,
  options: SendOptions,
): Run<SendEvent, Segmentation> => createRun(canvasEvents(prepared, request, options));

/** As {@link segmentCanvas}, as a plain generator. */
export async function* canvasEvents(
  { canvas, pixelSpacing }: PreparedCanvas,
  request: CanvasRequest,
  options: SendOptions,
): AsyncGenerator<SendEvent, Segmentation, void> {
  const { upload = "auto", retries = RETRIES } = options;
  const { tiles, total, ...sizes } = await cutCanvas(canvas, options);
  const whole = { ...request, ...sizes, ...(pixelSpacing === undefined ? {} : { pixelSpacing }) };
  return yield* send({ request: whole, tiles, total }, options, {
    upload,
    retries,
    resume: options.resume,
    keepUpload: options.keepUpload,
  });
}

/** Compressed tiles of a canvas, their bytes together, and the sizes that a request names. */
export type CutCanvas = { canvas: Size; tile: Size; tiles: EncodedTile[]; total: number };

/** @throws GlamError `tile-bit-depth`, or the signal's reason */
export async function cutCanvas(canvas: Canvas, options: SendOptions): Promise<CutCanvas> {
  const { encoding = defaultEncoding(canvas), tileSide = TILE_SIDE, signal } = options;
  const size = { height: canvas.height, width: canvas.width };
  const tile = { height: Math.min(tileSide, size.height), width: Math.min(tileSide, size.width) };
  const tiles = await encodeTiles(canvas, tile, encoding, signal);
  const total = tiles.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { canvas: size, tile, tiles, total };
}
