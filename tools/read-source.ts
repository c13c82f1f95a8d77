/**
 * @module
 * A mammogram file of the command line: DICOM or a picture.
 */
import { type DicomMammogram, isDicom, readDicom } from "../src/dicom/index.ts";
import { decodeGreyImage } from "../src/images/index.ts";
import type { GreyImage } from "../src/preprocess/index.ts";
import { readBytes } from "./images.ts";

/** Pixels, and the header's knowledge when the file is DICOM. */
export type SourceFile = { image: GreyImage; dicom?: DicomMammogram };

/** @throws GlamError `image-unreadable`, `dicom-unreadable` and the other codes of DICOM files */
export async function readSource(path: string): Promise<SourceFile> {
  const bytes = await readBytes(path);
  if (!isDicom(bytes)) return { image: decodeGreyImage(bytes) };
  const dicom = await readDicom(bytes);
  return { image: dicom.image, dicom };
}
