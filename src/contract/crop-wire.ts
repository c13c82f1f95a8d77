/**
 * @module
 * The binary format of crops and local maps, for every transport.
 *
 * ```
 * 4 bytes   "GLC1" a crop, "GLM1" a map
 * 4 bytes   length of the header, unsigned, little endian
 * n bytes   header, JSON in UTF-8, padded with spaces so that the data begins at a multiple of 8
 * rest      crop: pixels, [side, side], u8 or u16 little endian; map: [2, rows, side'], f32 little endian
 * ```
 */
import * as z from "zod";
import type { Band, Crop } from "../glam/contracts.ts";
import { GlamError, type ProblemCode, problems } from "../glam/problem.ts";

/** Which bundle a crop is for. */
export type ModelIdentity = { name: string; sha256: string };

const cropHeaderSchema = z.strictObject({
  model: z.string().max(64),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rank: z.int().min(0).max(15),
  side: z.int().min(16).max(4096),
  bits: z.union([z.literal(8), z.literal(16)]),
  mean: z.number().min(0).max(65535),
  std: z.number().gt(0).max(65535),
  band: z.tuple([z.int().min(0).max(4096), z.int().min(1).max(4096)]).optional(),
});

const mapHeaderSchema = z.discriminatedUnion("status", [
  z.strictObject({
    status: z.literal("complete"),
    rows: z.int().min(1).max(4096),
    side: z.int().min(1).max(4096),
  }),
  z.strictObject({
    status: z.literal("failed"),
    code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  }),
]);

const MAX_HEADER = 1024;

/** Joins magic, header and data. */
function encode(magic: "GLC1" | "GLM1", header: object, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((8 + json.length) / 8) * 8;
  const message = new Uint8Array(start + data.byteLength);
  message.fill(0x20, 8, start);
  message.set(new TextEncoder().encode(magic));
  new DataView(message.buffer).setUint32(4, start - 8, true);
  message.set(json, 8);
  message.set(data, start);
  return message;
}

/** Splits a message; the data is copied only where it does not begin at a multiple of 4 bytes. */
function decode<T>(magic: string, schema: z.ZodType<T>, message: Uint8Array): { header: T; data: Uint8Array } {
  if (message.byteLength < 8) throw unreadable();
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const length = view.getUint32(4, true);
  if (
    new TextDecoder().decode(message.subarray(0, 4)) !== magic ||
    length > MAX_HEADER ||
    length > message.length - 8
  ) {
    throw unreadable();
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(message.subarray(8, 8 + length)));
  } catch {
    throw unreadable();
  }
  const header = schema.safeParse(json);
  if (!header.success) throw unreadable();
  const data = message.subarray(8 + length);
  return { header: header.data, data: data.byteOffset % 4 === 0 ? data : data.slice() };
}

const unreadable = () => new GlamError("invalid-request", "The message is not in the format of this version.");

/** The bytes of a plain typed array. */
const bytesOf = (data: Uint8Array | Uint16Array | Float32Array) =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A crop to bytes. */
export function encodeCrop(crop: Crop, model: ModelIdentity): Uint8Array<ArrayBuffer> {
  const { rank, side, pixels, standardisation, band } = crop;
  const bits = pixels instanceof Uint8Array ? 8 : 16;
  return encode(
    "GLC1",
    { model: model.name, sha256: model.sha256, rank, side, bits, ...standardisation, ...(band && { band }) },
    bytesOf(pixels),
  );
}

/**
 * Bytes to a crop. The receiver checks its side against the model.
 * @throws GlamError `invalid-request`
 */
export function decodeCrop(message: Uint8Array): { crop: Crop; model: ModelIdentity } {
  const { header, data } = decode("GLC1", cropHeaderSchema, message);
  const { model, sha256, rank, side, bits, mean, std, band } = header;
  if (data.byteLength !== (side * side * bits) / 8) throw unreadable();
  const { buffer, byteOffset } = data;
  const pixels = bits === 8 ? data : new Uint16Array(buffer, byteOffset, side * side);
  const crop = { rank, side, pixels, standardisation: { mean, std }, ...(band && { band }) };
  return { crop, model: { name: model, sha256 } };
}

/** A local map `[2, rows, side]` to bytes; a whole one is square. */
export const encodeMap = (map: Float32Array, side = Math.sqrt(map.length / 2)): Uint8Array<ArrayBuffer> =>
  encode("GLM1", { status: "complete", rows: map.length / 2 / side, side }, bytesOf(map));

/**
 * The most bytes that an answer to a crop has, a failure included: magic and length, the largest header, the map's rows.
 * @param side of the local map
 */
export const mostMapBytes = (side: number, [from, to]: Band = [0, side]): number =>
  8 + MAX_HEADER + 2 * (to - from) * side * 4;

/** A failure to bytes; only its code travels. */
export const encodeFailure = (code: ProblemCode): Uint8Array<ArrayBuffer> =>
  encode("GLM1", { status: "failed", code }, new Uint8Array());

/**
 * Bytes to a local map.
 * @param side the side the map must have
 * @param band the rows that must be there
 * @returns Float32Array `[2, rows, side]`, probability
 * @throws GlamError the failure that travelled, or `invalid-request` when the bytes are no map of this side or hold
 *   anything but probabilities
 */
export function decodeMap(message: Uint8Array, side: number, [from, to]: Band = [0, side]): Float32Array {
  const { header, data } = decode("GLM1", mapHeaderSchema, message);
  if (header.status === "failed") throw new GlamError(header.code, "The shard could not segment the crop.");
  const rows = to - from;
  if (header.side !== side || header.rows !== rows || data.byteLength !== 2 * rows * side * 4) throw unreadable();
  const map = new Float32Array(data.buffer, data.byteOffset, 2 * rows * side);
  if (!map.every((value) => value >= 0 && value <= 1)) throw unreadable();
  return map;
}
