/**
 * @module
 * A file's bytes to grey pixels; its first bytes tell its kind. The code for DICOM is loaded when the first such file comes.
 */
import type { DicomIdentity, DicomSource } from "../../src/device/dicom/index.ts";
import { isDicom } from "../../src/device/dicom/is-dicom.ts";
import { decodeGreyImage } from "../../src/device/images/index.ts";
import type { ChestWall, GreyImage } from "../../src/device/preprocess/index.ts";
import type { ImageKind } from "../../src/glam/score-calibration.ts";
import type { View } from "../../src/glam/view.ts";
import type { SourceInfo } from "./protocol.ts";

/** Pixels, and what the file says of itself. */
export type ReadImage = {
  image: GreyImage;
  format: SourceInfo["format"];
  kind?: ImageKind | undefined;
  view?: View | undefined;
  pixelSpacing?: number | undefined;
  /** Where the header puts the chest wall, for images that do not show it. */
  chestWall?: ChestWall | undefined;
  /** Grey values between which the header would have the image shown. */
  window?: { low: number; high: number } | undefined;
  /** What a Segmentation object must repeat of its source. It names the patient; nothing of it is sent. */
  source?: DicomSource;
  /** Of the same: who and when, for the page. */
  identity?: DicomIdentity;
  notes: string[];
};

/** Digital Mammography X-Ray Image Storage, for presentation: what a detector made. Scans of films come in other classes. */
const DIGITAL_MAMMOGRAM = "1.2.840.10008.5.1.4.1.1.1.2";

/** @throws GlamError `image-unreadable`, and the codes of DICOM files */
export async function readImage(bytes: Uint8Array): Promise<ReadImage> {
  if (!isDicom(bytes)) {
    const image = decodeGreyImage(bytes);
    return { image, format: bytes[0] === 0x89 ? "png" : bytes[0] === 0xff ? "jpeg" : "pgm", notes: [] };
  }
  const [{ readDicom }, { readIdentity }] = await Promise.all([
    import("../../src/device/dicom/read-dicom.ts"),
    import("../../src/device/dicom/header/identity.ts"),
  ]);
  const { image, view, pixelSpacing, chestWall, window, source, warnings } = await readDicom(bytes);
  const notes = warnings.map(({ detail }) => detail);
  return {
    image,
    format: "dicom",
    kind: source.sopClassUid === DIGITAL_MAMMOGRAM ? "digital" : undefined,
    view,
    pixelSpacing,
    chestWall,
    window,
    source,
    identity: readIdentity(source),
    notes,
  };
}
