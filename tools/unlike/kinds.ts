/**
 * @module
 * Kinds of images that a model of mammograms has not seen, each derived from a canvas or drawn as large as one.
 */
import type { Random } from "../../src/phantom/random.ts";
import { magnified } from "./magnified.ts";
import { negative, negativeBreast } from "./negative.ts";
import { whiteNoise } from "./noise.ts";
import { chest, hand } from "./other-parts.ts";
import { photographedFilm, photographedScreen } from "./photograph.ts";
import type { Raster } from "./raster.ts";
import { tomosynthesisSlice } from "./tomosynthesis.ts";

/** A kind's name in tables, and how it is derived. */
export type UnlikeKind = { name: string; derive: (view: Raster, random: Random) => Raster };

export const unlikeKinds: readonly UnlikeKind[] = [
  { name: "film on a light box, photographed", derive: photographedFilm },
  { name: "screen, photographed, with moire", derive: photographedScreen },
  { name: "negative", derive: negative },
  { name: "negative, its background cleared", derive: negativeBreast },
  { name: "slice of tomosynthesis", derive: tomosynthesisSlice },
  { name: "magnified view, 1.5 to 2 times", derive: magnified },
  { name: "chest, drawn", derive: chest },
  { name: "hand, drawn", derive: hand },
  { name: "noise in the shape of a breast", derive: whiteNoise },
];
