/**
 * @module
 * From brightness to pixels: shoulder of the film, contrast, grain and rounding.
 */
import { createRandom, normalOfBits } from "./random.ts";
import type { Layer } from "./strands.ts";

/** Brightness above this is compressed, so that a bright lesion in dense tissue keeps its shape. */
const SHOULDER = 0.72;

/**
 * Exposes a film.
 * @param layer brightness, `[height, width]`, 0 outside the breast
 * @returns raw grey `[height, width]`; 0 outside the breast, 1 to 2^bits - 1 inside
 */
export function exposeFilm(layer: Layer, seed: number, bits: number): Uint8Array | Uint16Array {
  const random = createRandom(seed, "film");
  const exposure = random.uniform(0.92, 1.08);
  const contrast = random.uniform(-0.22, 0.22);
  // Grain is given for 0.14 mm pixels; larger pixels average more of it.
  const grain = random.uniform(0.008, 0.016) * Math.min(1.6, 0.14 / layer.spacing);
  const { data } = layer;
  const top = (1 << bits) - 1;
  const pixels = bits === 8 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const noise = normalOfBits(random.bits());
    if (data[i] <= 0) continue;
    let value = data[i] * exposure;
    if (value > SHOULDER) {
      const over = (value - SHOULDER) / (1 - SHOULDER);
      value = SHOULDER + (1 - SHOULDER) * (over / (1 + over));
    }
    value += contrast * value * (1 - value);
    value += noise * grain * (0.4 + 0.9 * value);
    pixels[i] = Math.min(top, Math.max(1, Math.floor(value * top + 0.5)));
  }
  return pixels;
}
