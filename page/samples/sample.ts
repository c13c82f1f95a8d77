/**
 * @module
 * What a sample is.
 */
import type { View } from "../../src/phantom/index.ts";
import type { SampleFacts, SampleOptions } from "../worker/protocol.ts";

/** A phantom, made in the browser, or a picture that this deployment serves. */
export type SampleImage =
  | { phantom: SampleOptions }
  | {
      /** Where it is served. */
      url: string;
      view: View;
      /** mm. */
      pixelSpacing: number;
      facts: SampleFacts;
    };

/** One image, or the views of an examination. `text` says what there is to see. */
export type Sample = { id: string; title: string; text: string; images: SampleImage[] };

export const viewOfSample = (image: SampleImage): View => ("url" in image ? image.view : image.phantom.view);
