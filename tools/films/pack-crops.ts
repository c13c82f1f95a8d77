/**
 * @module
 * The single lesions of CBIS-DDSM's `crops.csv` at the canvas's resolution: `crops.u8` (bytes one after the other) and `crops.csv`.
 */
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { resample } from "../../src/device/preprocess/resample.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { readSource } from "../segment/read-source.ts";
import { SCANNERS } from "./cbis-ddsm.ts";
import { parseCsv } from "./csv.ts";

/** Millimetres of a scanned pixel where the patient has no film that names the scanner. */
const USUAL = 0.047;

/**
 * @param list `crops.csv`; the films' list, `films.csv`, lies beside it
 * @returns how many there are, and how many could not be read
 */
export async function packCrops(list: string, { pixelSpacing }: Spec, out: string) {
  const rows = async (path: string) => parseCsv(await readFile(path, "utf8")).rows.map(({ cells }) => cells);
  const films = await rows(join(dirname(list), "films.csv"));
  const scanners = new Map(films.map((cells) => [cells.get("patient") ?? "", cells.get("scanner") ?? ""]));
  await mkdir(out, { recursive: true });
  const file = await open(join(out, "crops.u8"), "w");
  const counts = { crops: 0, leftOut: 0 };
  let [csv, offset] = ["offset,width,height,patient,view,label,type\n", 0];
  try {
    for (const cells of await rows(list)) {
      const cell = (name: string) => cells.get(name) ?? "";
      try {
        const { image } = await readSource(join(dirname(list), cell("file")));
        const scale = (SCANNERS[scanners.get(cell("patient")) ?? ""] ?? USUAL) / pixelSpacing;
        const { height, width, pixels } = resample(image, scale);
        await file.appendFile(Uint8Array.from(pixels));
        const view = `${cell("side").slice(0, 1)}-${cell("view")}`;
        csv += `${[offset, width, height, `cbis-${cell("patient")}`, view, cell("label"), cell("type")].join(",")}\n`;
        offset += height * width;
        counts.crops++;
      } catch (error) {
        if (!(error instanceof GlamError)) throw error;
        counts.leftOut++;
      }
    }
  } finally {
    await file.close();
  }
  await writeFile(join(out, "crops.csv"), csv);
  return counts;
}
