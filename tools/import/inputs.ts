/**
 * @module
 * Canvases -> the inputs of both networks: standardised canvases, and the crops that the global network chooses.
 */
import type { Canvas, Crop, GlobalNetwork } from "../../src/glam/contracts.ts";
import { cutCrop } from "../../src/glam/crop.ts";
import { chooseRegions } from "../../src/glam/regions.ts";
import { fuseSaliency } from "../../src/glam/saliency.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { measureStandardisation, standardise } from "../../src/glam/standardise.ts";

/** @returns the standardised canvas, `[H, W]` */
export const globalInput = (canvas: Canvas): Float32Array => standardise(canvas.pixels, measureStandardisation(canvas));

/** @returns the standardised crop, `[side, side]` */
export const localInput = ({ pixels, standardisation }: Crop): Float32Array => standardise(pixels, standardisation);

/** @returns the crops of one canvas, in the order they were chosen */
export async function chosenCrops(canvas: Canvas, network: GlobalNetwork, spec: Spec): Promise<Crop[]> {
  const standardisation = measureStandardisation(canvas);
  const maps = await network.run({ pixels: canvas.pixels, standardisation });
  const { regions } = chooseRegions(fuseSaliency(maps, spec), spec, spec.regions);
  return regions.map((region) => cutCrop(canvas, region, standardisation));
}
