/**
 * @module
 * An answer of the engine or of PyTorch to one canvas.
 */
import type { Scores } from "../../src/glam/saliency.ts";

/** Top left pixel of a region. */
export type Corner = { top: number; left: number };

/** Maps are float32, probability. */
export type Answer = {
  scores: Scores;
  /** S, `[2, h, w]`. */
  saliency: Float32Array;
  /** In the order they were chosen. */
  regions: Corner[];
  /** Local maps `[2, side', side']` of the regions. */
  local: Float32Array[];
  /** The fused map, `[2, H, W]`. */
  fused: Float32Array;
};

/** PyTorch's answer, and how clear its first choice was: the best window's lead over any that is more than a cell away. */
export type Reference = Answer & { margin: number };
