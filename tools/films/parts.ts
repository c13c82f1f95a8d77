/**
 * @module
 * Which women train, which validate and which test.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parseCsv } from "./csv.ts";

export const parts = ["train", "val", "test"] as const;
export type Part = (typeof parts)[number];

/** Shares for women who are in no list. */
const TRAIN = 0.7;
const VALIDATE = 0.15;

/** Sources for evaluation only. */
const EVALUATION_ONLY = new Set(["mini-mias"]);

/** `training/parts.csv`: the women of the public sets, as the shipped model was trained. */
export async function readParts(): Promise<ReadonlyMap<string, Part>> {
  const { rows } = parseCsv(await readFile(new URL("../../training/parts.csv", import.meta.url), "utf8"));
  return new Map(rows.map(({ cells }) => [cells.get("patient") ?? "", partOf(cells.get("part"))]));
}

const partOf = (text: string | undefined): Part => parts.find((one) => one === text) ?? "test";

/** The part of the list, or by a hash of the patient's name: the same on every machine and for every set of films. */
export function choosePart(patient: string, source: string, known: ReadonlyMap<string, Part>): Part {
  if (EVALUATION_ONLY.has(source)) return "test";
  const place = createHash("sha256").update(patient).digest().readUIntBE(0, 6) / 2 ** 48;
  return known.get(patient) ?? (place < TRAIN ? "train" : place < TRAIN + VALIDATE ? "val" : "test");
}
