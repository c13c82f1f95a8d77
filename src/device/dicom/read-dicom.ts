/**
 * @module
 * A DICOM mammogram to a grey image for preprocessing, and what its header says. Nothing here leaves the caller's machine.
 */
import type { View } from "../../glam/view.ts";
import type { ChestWall, GreyImage } from "../preprocess/types.ts";
import { checkAcquisition } from "./header/acquisition.ts";
import { frameAttributes } from "./header/frame-attributes.ts";
import { type DicomSpacing, readChestWall, readSpacing } from "./header/geometry.ts";
import { type DicomSource, readSource } from "./header/source.ts";
import { type Laterality, readView } from "./header/view.ts";
import type { DicomWarning } from "./header/warning.ts";
import { parseDicom } from "./parse.ts";
import { makeGreyImage } from "./pixels/grey-image.ts";
import { type Grey, readGreyScale } from "./pixels/grey-scale.ts";
import { readImagePixel } from "./pixels/image-pixel.ts";
import { storedPixels } from "./pixels/stored-pixels.ts";

export type DicomMammogram = {
  /** Dark background (MONOCHROME2), in the orientation of the file. */
  image: GreyImage;
  /** Undefined when the header does not say CC or MLO of one breast: ask. */
  view: View | undefined;
  laterality: Laterality | undefined;
  /** Where PatientOrientation puts the chest wall; preprocessing looks at the pixels first. */
  chestWall: ChestWall | undefined;
  /** In the plane of the detector, mm; undefined when the header does not say. */
  pixelSpacing: number | undefined;
  /** Where the spacing comes from, and how much the exposure magnifies. */
  spacing: DicomSpacing | undefined;
  /** The header's window in grey levels of `image`, where a viewer may start; undefined when there is none. */
  window: { low: number; high: number } | undefined;
  warnings: DicomWarning[];
  /** For the Segmentation writer; holds the patient's name and stays here. */
  source: DicomSource;
};

export type ReadDicomOptions = {
  /** Default `stored`: full precision, as the networks were trained. `displayed` applies VOI LUT or window. */
  grey?: Grey;
};

/**
 * @param bytes a DICOM Part 10 file
 * @throws GlamError `dicom-unreadable`, `dicom-not-supported`, `dicom-for-processing`, `dicom-view-not-supported`
 * @example const { image, view, pixelSpacing } = await readDicom(new Uint8Array(await file.arrayBuffer()));
 */
export async function readDicom(bytes: Uint8Array, options: ReadDicomOptions = {}): Promise<DicomMammogram> {
  const file = parseDicom(bytes);
  const attributes = frameAttributes(file.attributes);
  const warnings = checkAcquisition(attributes, file.syntax);
  const { view, laterality, warnings: viewWarnings } = readView(attributes);
  const { chestWall, warnings: orientationWarnings } = readChestWall(attributes);
  const spacing = readSpacing(attributes);
  const description = readImagePixel(attributes);
  const { stored, image: agreed } = await storedPixels(file, description);
  const scale = readGreyScale(attributes, agreed, options.grey ?? "stored");
  const { image, window } = makeGreyImage(stored, agreed, scale, attributes);
  return {
    image,
    view,
    laterality,
    chestWall,
    pixelSpacing: spacing?.pixelSpacing,
    spacing,
    window,
    warnings: [...warnings, ...viewWarnings, ...orientationWarnings],
    source: readSource(attributes, { height: description.height, width: description.width }, laterality),
  };
}
