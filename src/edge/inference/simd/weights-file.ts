/**
 * @module
 * The engine's weights file: `GLAMSIMD`, the header's length (uint32, little-endian), the header as JSON, then the tensors,
 * each at a multiple of 16 bytes behind the start of the data. Tensors are packed as the kernels read them:
 *
 * - `<conv>.weight` of a 3x3 convolution at stride 1: `[blocks][channels][9][8]`; of any other: `[blocks][taps][channels][8]`;
 *   a block is eight output channels, channels are padded to a multiple of 8;
 * - `<conv>.affine` and `<name>.affine` of a batch norm: `[planes][gain 4, bias 4]` f32; a convolution's gain undoes the
 *   scaling of its integer weights;
 * - `<map>.classes`: `[classes][planes][4]` f32, a 1x1 convolution to class logits.
 */
import * as z from "zod";
import { GlamError } from "../../../glam/problem.ts";

const magic = new TextEncoder().encode("GLAMSIMD");
const alignment = 16;

const headerSchema = z.strictObject({
  schema: z.literal(1),
  network: z.enum(["global", "local"]),
  tensors: z.record(
    z.string(),
    z.strictObject({ type: z.enum(["int8", "int16", "f32"]), offset: z.int().min(0), length: z.int().min(1) }),
  ),
});

/** Which network a file is of. */
export type NetworkKind = "global" | "local";

export type PackedTensor = Int8Array | Int16Array | Float32Array;

/** Names and packed tensors of one network. */
export type PackedWeights = { network: NetworkKind; tensors: Map<string, PackedTensor> };

const views = { int8: Int8Array, int16: Int16Array, f32: Float32Array };

const typeOf = (data: PackedTensor): keyof typeof views =>
  data instanceof Int8Array ? "int8" : data instanceof Int16Array ? "int16" : "f32";

/** A view of `length` elements at byte `at` of the file. */
function viewOf(type: keyof typeof views, file: Uint8Array, at: number, length: number): PackedTensor {
  const from = file.byteOffset + at;
  if (type === "int8") return new Int8Array(file.buffer, from, length);
  if (type === "int16") return new Int16Array(file.buffer, from, length);
  return new Float32Array(file.buffer, from, length);
}

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** @returns the file; equal weights give equal bytes */
export function writeWeightsFile({ network, tensors }: PackedWeights): Uint8Array<ArrayBuffer> {
  let offset = 0;
  const entries = [...tensors].map(([name, data]) => {
    const entry = { type: typeOf(data), offset, length: data.length };
    offset = aligned(offset + data.byteLength);
    return [name, entry] as const;
  });
  const header = new TextEncoder().encode(JSON.stringify({ schema: 1, network, tensors: Object.fromEntries(entries) }));
  const start = aligned(magic.length + 4 + header.length);
  const file = new Uint8Array(start + offset);
  file.set(magic);
  new DataView(file.buffer).setUint32(magic.length, header.length, true);
  file.set(header, magic.length + 4);
  entries.forEach(([name, entry]) => {
    const data = tensors.get(name);
    if (data) file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + entry.offset);
  });
  return file;
}

/** Whether a file says that it is one of these. */
export const isWeightsFile = (file: Uint8Array): boolean => magic.every((byte, i) => file[i] === byte);

const damaged = (detail: string, cause?: unknown): GlamError => new GlamError("model-damaged", detail, { cause });

function readHeader(file: Uint8Array): { header: z.infer<typeof headerSchema>; start: number } {
  if (!isWeightsFile(file) || file.length < magic.length + 4) {
    throw damaged("The file is not a weights file of the SIMD engine.");
  }
  const length = new DataView(file.buffer, file.byteOffset).getUint32(magic.length, true);
  const from = magic.length + 4;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(from, from + length));
    return { header: headerSchema.parse(JSON.parse(text)), start: aligned(from + length) };
  } catch (cause) {
    throw damaged("The header of the weights file cannot be read.", cause);
  }
}

/**
 * Views of a file's tensors; the file is copied only where it does not begin at a multiple of 4 bytes.
 * @throws {GlamError} model-damaged
 */
export function readWeightsFile(bytes: Uint8Array): PackedWeights {
  const file = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const { header, start } = readHeader(file);
  const tensors = new Map<string, PackedTensor>();
  for (const [name, { type, offset, length }] of Object.entries(header.tensors)) {
    const at = start + offset;
    if (offset % alignment !== 0 || at + length * views[type].BYTES_PER_ELEMENT > file.length) {
      throw damaged(`The weights file ends before ${name}.`);
    }
    tensors.set(name, viewOf(type, file, at, length));
  }
  return { network: header.network, tensors };
}
