/**
 * @module
 * Decoders of @cornerstonejs: CharLS and OpenJPEG compiled to JavaScript, which runs in browsers, in Node and in Workers
 * without a WebAssembly file to be fetched.
 */
import type { Size } from "../../../glam/spec.ts";
import { notSupported, unreadable } from "../problems.ts";

/**
 * The stream up to its end marker, 0xffd9, which neither format has inside of coded data; what fragments are padded with may
 * follow. The decoders fill missing parts of an image silently, so the marker must be there.
 * @throws GlamError `dicom-unreadable`
 */
function upToEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.lastIndexOf(0xd9);
  while (end > 0 && bytes[end - 1] !== 0xff) end = bytes.lastIndexOf(0xd9, end - 1);
  if (end > 0) return bytes.subarray(0, end + 1);
  throw unreadable("The compressed pixel data are cut off.");
}

/** One decoder object; its memory is the module's. */
export type EmscriptenDecoder = {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
  delete(): void;
};

/** A module with one class of decoders. */
export type DecoderModule<Name extends string> = Record<Name, new () => EmscriptenDecoder>;

/** Options of a module, which becomes the module, so each needs its own. What the libraries print is dropped: it could hold anything. */
export const silent = () => ({ print: () => {}, printErr: () => {} });

/**
 * Decodes one grey frame whose header has been compared with the image.
 * @returns samples as bytes, or as words for more than 8 bits; negative ones as two's complement
 * @throws GlamError `dicom-unreadable`, `dicom-not-supported` for colour
 */
export function decodeFrame(decoder: EmscriptenDecoder, bytes: Uint8Array, size: Size): Uint8Array | Uint16Array {
  const stream = upToEnd(bytes);
  const pixels = size.height * size.width;
  let info: ReturnType<EmscriptenDecoder["getFrameInfo"]>;
  let decoded: Uint8Array;
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    info = decoder.getFrameInfo();
    decoded = decoder.getDecodedBuffer().slice();
  } catch (cause) {
    throw unreadable("The compressed pixel data are cut off or damaged.", cause);
  }
  // A decoder that has found no image counts none.
  if (info.componentCount === 0) throw unreadable("The compressed pixel data are cut off or damaged.");
  if (info.componentCount !== 1)
    throw notSupported("The compressed image has colour components; grey images have one.");
  const bytesPerPixel = info.bitsPerSample > 8 ? 2 : 1;
  if (info.height !== size.height || info.width !== size.width || decoded.length !== pixels * bytesPerPixel) {
    throw unreadable("The compressed image has another size than the DICOM header says.");
  }
  return bytesPerPixel === 1 ? new Uint8Array(decoded.buffer, 0, pixels) : new Uint16Array(decoded.buffer, 0, pixels);
}
