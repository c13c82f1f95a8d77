/**
 * @module
 * An archive of phantoms as DICOM files, of which some are broken.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generatePhantom, views } from "../../src/phantom/index.ts";
import { mammogramFile } from "../../test/support/dicom-mammogram.ts";

/** Phantoms that are drawn; the archive repeats them under other names. */
const DRAWN = 24;

/** Six digits that stand for a file's and an exam's number in a template. */
const FILE = "888888";
const EXAM = "999999";

export type Archive = { folder: string; files: string[] };

/** @param broken how many files are cut off, empty, of random bytes, or have a damaged header, in turns */
export async function writeArchive(folder: string, count: number, broken: number): Promise<Archive> {
  const templates = Array.from({ length: Math.min(DRAWN, count) }, (_, i) => templateOf(i));
  const files: string[] = [];
  const each = broken === 0 ? Number.POSITIVE_INFINITY : Math.floor(count / broken);
  for (let i = 0; i < count; i++) {
    const exam = Math.floor(i / 4);
    const bytes = named(templates[i % templates.length], i, exam);
    const path = join(folder, `exam${exam}`, `IM${i}`);
    await mkdir(join(folder, `exam${exam}`), { recursive: true });
    await writeFile(path, i % each === each - 1 ? damaged(bytes, Math.floor(i / each)) : bytes);
    files.push(path);
  }
  return { folder, files };
}

type Template = { bytes: Buffer; file: number[]; exam: number[] };

function templateOf(seed: number): Template {
  const phantom = generatePhantom({ seed, height: 1536, width: 1024, bits: 12, view: views[seed % 4] });
  const { view, pixelSpacing, ...image } = phantom;
  const change = {
    "00080018": ["UI", `2.25.1.${FILE}`] as [string, string],
    "00100020": ["LO", `P${EXAM}`] as [string, string],
    "0020000d": ["UI", `2.25.2.${EXAM}`] as [string, string],
  };
  const bytes = Buffer.from(mammogramFile(image, { view, pixelSpacing }, { change }));
  return { bytes, file: placesOf(bytes, FILE), exam: placesOf(bytes, EXAM) };
}

function placesOf(bytes: Buffer, text: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
  return places;
}

function named({ bytes, file, exam }: Template, i: number, of: number): Buffer {
  const copy = Buffer.from(bytes);
  for (const at of file) copy.write(String(100_000 + i), at, "latin1");
  for (const at of exam) copy.write(String(100_000 + of), at, "latin1");
  return copy;
}

function damaged(bytes: Uint8Array, kind: number): Uint8Array {
  const kinds = [
    () => bytes.subarray(0, Math.floor(bytes.length / 3)),
    () => new Uint8Array(0),
    () => bytes.map((_, k) => Math.imul(k, 2654435761) >>> 24),
    () => bytes.map((byte, k) => (k > 200 && k < 400 ? 255 - byte : byte)),
  ];
  return kinds[kind % kinds.length]();
}
