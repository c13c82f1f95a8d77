/**
 * @module
 * An archive of phantoms as DICOM files, of which some are broken.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generatePhantom, views } from "../../src/phantom/index.ts";
import { mammogramFile } from "../../test/support/dicom-mammogram.ts";

/** Phantoms that are drawn; the archive repeats them with other patients. */
const DRAWN = 24;

export type Archive = { folder: string; files: string[] };

/** @param broken how many files are cut off, empty, of random bytes, or have a damaged header, in turns */
export async function writeArchive(folder: string, count: number, broken: number): Promise<Archive> {
  const phantoms = Array.from({ length: Math.min(DRAWN, count) }, (_, i) =>
    generatePhantom({ seed: i, height: 1536, width: 1024, bits: 12, view: views[i % 4] }),
  );
  const files: string[] = [];
  for (let i = 0; i < count; i++) {
    const { view, pixelSpacing, ...image } = phantoms[i % phantoms.length];
    const exam = Math.floor(i / 4);
    const change = {
      "00080018": ["UI", `2.25.1.${i}`] as [string, string],
      "00100020": ["LO", `P${exam}`] as [string, string],
      "0020000d": ["UI", `2.25.2.${exam}`] as [string, string],
    };
    const bytes = mammogramFile(image, { view, pixelSpacing }, { change });
    const each = broken === 0 ? Number.POSITIVE_INFINITY : Math.floor(count / broken);
    const path = join(folder, `exam${exam}`, `IM${i}`);
    await mkdir(join(folder, `exam${exam}`), { recursive: true });
    await writeFile(path, i % each === each - 1 ? damaged(bytes, i) : bytes);
    files.push(path);
  }
  return { folder, files };
}

function damaged(bytes: Uint8Array, i: number): Uint8Array {
  const kinds = [
    () => bytes.subarray(0, Math.floor(bytes.length / 3)),
    () => new Uint8Array(0),
    () => bytes.map((_, k) => (k * 2654435761) >>> 24),
    () => bytes.map((byte, k) => (k > 200 && k < 400 ? 255 - byte : byte)),
  ];
  return kinds[i % kinds.length]();
}
