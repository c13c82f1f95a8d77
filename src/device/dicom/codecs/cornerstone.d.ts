/**
 * @module
 * The parts of the Emscripten modules of @cornerstonejs that are used.
 */
declare module "@cornerstonejs/codec-charls/decode" {
  import type { DecoderModule } from "./emscripten-decoder.ts";
  export default function charls(options: { print(): void; printErr(): void }): Promise<DecoderModule<"JpegLSDecoder">>;
}

declare module "@cornerstonejs/codec-openjpeg/decode" {
  import type { DecoderModule } from "./emscripten-decoder.ts";
  export default function openjpeg(options: { print(): void; printErr(): void }): Promise<DecoderModule<"J2KDecoder">>;
}
