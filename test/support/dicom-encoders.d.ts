/**
 * @module
 * The encoders of @cornerstonejs, as far as tests use them.
 */
type FrameInfo = { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };

type Encoder = {
  getDecodedBuffer(frame: FrameInfo): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
};

declare module "@cornerstonejs/codec-charls" {
  class JpegLSEncoder {
    setNearLossless(near: number): void;
  }
  interface JpegLSEncoder extends Encoder {}
  export default function charls(options: object): Promise<{ JpegLSEncoder: typeof JpegLSEncoder }>;
}

declare module "@cornerstonejs/codec-openjpeg" {
  class J2KEncoder {
    setQuality(lossless: boolean, quality: number): void;
    setCompressionRatio(layer: number, ratio: number): void;
  }
  interface J2KEncoder extends Encoder {}
  export default function openjpeg(options: object): Promise<{ J2KEncoder: typeof J2KEncoder }>;
}
