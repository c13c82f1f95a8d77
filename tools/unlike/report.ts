/**
 * @module
 * The table of how often images get the warning `unlike-training`, as docs/unlike-training.md quotes it.
 */
import type { Looks } from "../../src/glam/looks/measure.ts";
import { distance, type TrainingLooks } from "../../src/glam/looks/unlike-training.ts";
import type { Outcome } from "./judge.ts";

/** One row. */
export type Row = { images: string; outcomes: readonly Outcome[] };

/** Images that no check refuses, against statistics. */
export const outcomesOf = (images: readonly Looks[], { bounds, threshold }: TrainingLooks): Outcome[] =>
  images.map((looks) => (distance(looks, bounds) > threshold ? "warned" : "taken"));

/** Markdown: of each row's images the shares that are refused, warned of and taken. */
export function tableLines(rows: readonly Row[]): string[] {
  return [
    "| images | how many | refused | warned | taken without a word |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(({ images, outcomes }) => {
      const share = (which: Outcome) =>
        `${((100 * outcomes.filter((one) => one === which).length) / outcomes.length).toFixed(0)} %`;
      return `| ${images} | ${outcomes.length} | ${share("refused")} | ${share("warned")} | ${share("taken")} |`;
    }),
  ];
}
