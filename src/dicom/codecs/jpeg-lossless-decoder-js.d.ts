/**
 * @module
 * The part of jpeg-lossless-decoder-js that is used; the package's own types are not where it says.
 */
declare module "jpeg-lossless-decoder-js" {
  export class Decoder {
    /** The next row to be decoded. */
    readonly yLoc: number;
    decode(buffer: ArrayBuffer, offset: number, length: number): Uint8Array | Uint16Array | null;
  }
}
