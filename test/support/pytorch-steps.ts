/**
 * @module
 * PyTorch's results of the steps around the networks: `test/fixtures/pytorch/steps.json`, written by `training/fixtures.py`.
 */
import steps from "../fixtures/pytorch/steps.json" with { type: "json" };

const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, "base64"));
const floats = (base64: string) => new Float32Array(bytes(base64).buffer);

/** Pixels of 8 and of 16 bits: as f32, their mean and std, and standardised with these. */
export const greySteps = steps.grey.map(({ pixels, floats: raw, mean, std, standardised }, i) => ({
  pixels: i === 0 ? bytes(pixels) : new Uint16Array(bytes(pixels).buffer),
  floats: floats(raw),
  standardisation: { mean, std },
  standardised: floats(standardised),
}));

/** 301 values and `[k, mean of the k largest]`. */
export const topKSteps = {
  values: floats(steps.topK.values),
  means: Object.entries(steps.topK.means).map(([k, mean]) => [Number(k), mean] as const),
};

/** Two maps of 5 x 7, and in other sizes. */
export const nearestSteps = {
  maps: { height: 5, width: 7, data: floats(steps.nearest.maps) },
  resized: steps.nearest.resized.map(({ size: [height, width], data }) => ({ height, width, data: floats(data) })),
};
