/**
 * @module
 * The real mammograms that come with the repository: `samples/`, CC BY 4.0, with the lesion that the set's authors outlined.
 */
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { viewSchema } from "../src/contract/geometry.ts";
import type { Background, GreyImage } from "../src/device/preprocess/index.ts";
import type { LesionKind } from "../src/phantom/index.ts";
import { shapeMask } from "./films/polygon-mask.ts";
import { readSource } from "./segment/read-source.ts";

const folder = new URL("../samples/", import.meta.url);

const schema = z.array(
  z.strictObject({
    file: z.string(),
    title: z.string(),
    text: z.string(),
    view: viewSchema,
    /** mm. */
    pixelSpacing: z.number(),
    /** Corners [column, row], pixels of the file. */
    lesions: z.array(
      z.strictObject({ kind: z.enum(["benign", "malignant"]), outline: z.array(z.tuple([z.number(), z.number()])) }),
    ),
  }),
);
export type Sample = z.infer<typeof schema>[number];

/** An image whose lesions are known, `masks` `[height, width]` of 0 and 1. */
export type KnownImage = {
  image: GreyImage;
  view: Sample["view"];
  pixelSpacing: number;
  background: Background;
  text: string;
  lesions: { kind: LesionKind; name: string; centre: { row: number; col: number } }[];
  masks: Record<LesionKind, Uint8Array>;
};

/** What there is, in the order in which it is shown. */
export const readSamples = async (): Promise<Sample[]> =>
  schema.parse(JSON.parse(await readFile(new URL("samples.json", folder), "utf8")));

/** A sample's pixels, and its lesions as masks. */
export async function openSample({ file, text, view, pixelSpacing, lesions }: Sample): Promise<KnownImage> {
  const { image } = await readSource(new URL(file, folder).pathname);
  const { height, width } = image;
  const masks = { benign: new Uint8Array(height * width), malignant: new Uint8Array(height * width) };
  const known = lesions.map(({ kind, outline }) => {
    const { box, mask } = shapeMask({ points: outline }, image);
    for (let row = 0; row < box.height; row++) {
      for (let col = 0; col < box.width; col++) {
        if (mask[row * box.width + col] === 1) masks[kind][(box.top + row) * width + box.left + col] = 1;
      }
    }
    return { kind, name: "mass", centre: { row: box.top + box.height / 2, col: box.left + box.width / 2 } };
  });
  return { image, view, pixelSpacing, background: "zero", text, lesions: known, masks };
}
