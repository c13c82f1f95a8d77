/**
 * @module
 * A mammogram file from the disk of the command line: DICOM or a picture.
 */
import { open } from "node:fs/promises";
import { type DicomMammogram, isDicom, readDicom } from "../../src/device/dicom/index.ts";
import { decodeGreyImage } from "../../src/device/images/index.ts";
import { unreadable } from "../../src/device/images/unreadable.ts";
import type { GreyImage } from "../../src/device/preprocess/index.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { View } from "../../src/glam/view.ts";

/** Largest file in bytes: 120 megapixels of 16 bits, stored uncompressed, and some room. */
export const MAX_BYTES = 256 * 2 ** 20;

/** Pixels, and the header's knowledge when the file is DICOM. */
export type SourceFile = { image: GreyImage; dicom?: DicomMammogram };

/**
 * Reads DICOM as `readDicom` does and everything else as `decodeGreyImage` does.
 * @throws GlamError `image-unreadable`, `dicom-unreadable` and the other codes of DICOM files
 * @example const { image, dicom } = await readSource("study.dcm");
 */
export const readSource = async (path: string): Promise<SourceFile> => sourceOf(await readBytes(path));

/** As {@link readSource}, of a file's bytes. */
export async function sourceOf(bytes: Uint8Array): Promise<SourceFile> {
  if (!isDicom(bytes)) return { image: decodeGreyImage(bytes) };
  const dicom = await readDicom(bytes);
  return { image: dicom.image, dicom };
}

/**
 * The view that is asked for, else the file's.
 * @param remedy what the caller can do where there is none
 * @throws GlamError `invalid-request` that tells what the file says instead
 */
export function viewOf({ dicom }: SourceFile, asked: View | undefined, remedy = "Give --view."): View {
  const view = asked ?? dicom?.view;
  if (view !== undefined) return view;
  const seen = dicom?.warnings.find(({ code }) => code === "view-unknown" || code === "view-unusual")?.detail;
  throw new GlamError("invalid-request", `${seen ?? "The file does not say the view."} ${remedy}`);
}

/**
 * The file's bytes; the size is checked on the open file.
 * @throws GlamError `image-unreadable`; its message does not name the file
 */
export async function readBytes(path: string): Promise<Buffer<ArrayBuffer>> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > MAX_BYTES) throw unreadable(`The image file has ${size} bytes; ${MAX_BYTES} at most are read.`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof GlamError) throw cause;
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw unreadable(`The image file cannot be opened${code}.`, cause);
  }
}
