/**
 * @module
 * Phantoms written as the files of a film archive, with a `labels.csv`.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import jpeg from "jpeg-js";
import { generatePhantom } from "../../src/phantom/index.ts";

/** Size of the files; their pixels are {@link FILM_SPACING} mm. */
export const FILM = { height: 736, width: 480 } as const;
export const FILM_SPACING = 206 / 736;

/** Writes film number i: even ones are left breasts. The name's ending says the format: png, jpg or pgm. */
export async function writeFilm(folder: string, name: string, i: number): Promise<void> {
  const view = i % 2 === 0 ? "L-MLO" : "R-MLO";
  const { height, width, pixels } = generatePhantom({ seed: 80 + i, ...FILM, bits: 8, view });
  await writeFile(join(folder, name), encoded(name, { height, width, pixels: Uint8Array.from(pixels) }));
}

function encoded(name: string, { height, width, pixels }: { height: number; width: number; pixels: Uint8Array }) {
  if (name.endsWith(".pgm")) return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);
  if (name.endsWith(".png")) return encode({ height, width, data: pixels, channels: 1, depth: 8 });
  const data = Buffer.alloc(4 * pixels.length, 255);
  pixels.forEach((grey, i) => {
    data.fill(grey, 4 * i, 4 * i + 3);
  });
  return jpeg.encode({ height, width, data }, 95).data;
}

/** Writes a `labels.csv` of these columns beside the films. */
export const writeLabels = (folder: string, columns: string, ...rows: string[]): Promise<void> =>
  writeFile(join(folder, "labels.csv"), `${[columns, ...rows].join("\n")}\n`);
