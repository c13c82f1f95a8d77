/**
 * @module
 * Difficult files beside the repository, each with the pixels that independent readers agree on.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";

const root = new URL("../../../shared/cases/", import.meta.url);

/** Pixels of a file, by other readers. */
export type ExpectedPixels = { height: number; width: number; pixels: ArrayLike<number> };

export type Case = { name: string; path: URL; bytes: Uint8Array; expected: ExpectedPixels | undefined };

/** The files of one kind; none, and a line that says why, where the folder is missing. */
export function cases(kind: "images" | "dicom" | "checkpoints"): Case[] {
  const folder = new URL(`${kind}/`, root);
  if (!existsSync(folder)) {
    console.info(`Skipped: no files in ../shared/cases/${kind} beside the repository.`);
    return [];
  }
  const names = readdirSync(folder).filter((name) => !name.endsWith(".npy"));
  return names.map((name) => {
    const path = new URL(name, folder);
    const array = [name, name.replace(/\.dcm$/, "")]
      .map((stem) => new URL(`${stem}.expect.npy`, folder))
      .find(existsSync);
    return { name, path, bytes: new Uint8Array(readFileSync(path)), expected: array && readNpy(readFileSync(array)) };
  });
}

/** An array of numpy of two dimensions, 8 or 16 bits unsigned. */
function readNpy(file: Buffer): ExpectedPixels {
  const end = 10 + file.readUInt16LE(8);
  const header = file.subarray(10, end).toString("latin1");
  const [, height, width] = /'shape': \((\d+), (\d+)\)/.exec(header) ?? [];
  const words = /'descr': '<u2'/.test(header);
  const data = Uint8Array.from(file.subarray(end));
  return { height: Number(height), width: Number(width), pixels: words ? new Uint16Array(data.buffer) : data };
}

/** Largest difference of two images of the same length. */
export function worstError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}
