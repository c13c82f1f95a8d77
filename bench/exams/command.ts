/**
 * @module
 * `npm run bench -- exams`: what is left of exams whose Worker is killed again and again.
 */
import { killExams } from "./kills.ts";

/** Runs the benchmark and prints its table. @returns whether everything held */
export async function benchExams(options: {
  exams: number;
  atOnce: number;
  kills: number;
  seed: number;
  bucket: boolean;
  json: boolean;
}): Promise<boolean> {
  const report = await killExams({ ...options, ttlMs: 60_000, deleted: (exam) => exam % 2 === 0 }, (line) =>
    console.log(line),
  );
  const { planted, ...counts } = report;
  const rows: [string, number, number | undefined][] = [
    ["exams of four views", counts.exams, undefined],
    ["kill -9 of the process", counts.kills, undefined],
    ["exams lost", counts.lost, 0],
    ["exams beyond one for a key", counts.doubled, 0],
    ["images computed again after their answer was there", counts.computedAgain, 0],
    ["images begun again because a kill cut them off", counts.begunAgain, undefined],
    ["answers that differ from the direct ones", counts.different, 0],
    ["exams that no webhook told of", counts.untold, 0],
    ["exams with two identifiers of webhooks for their end", counts.toldTwice, 0],
    ["webhooks received, repeated ones included", counts.messages, undefined],
    ["planted texts, identifiers and tiles found on the disk", planted.disk, 0],
    ["planted texts in the log", planted.log, 0],
    ["planted texts in webhooks", planted.webhooks, 0],
    ["values stored before the last exam expired", counts.stored, undefined],
    ["values left in objects after the last exam expired", counts.leftOver, 0],
    ["objects of the bucket, most at once", counts.inBucket, undefined],
    ["objects left in the bucket after the last exam expired", counts.leftInBucket, 0],
  ];
  for (const [name, count, wanted] of rows) {
    console.log(
      `${name.padEnd(60)} ${String(count).padStart(5)}${wanted === undefined || wanted === count ? "" : "  !"}`,
    );
  }
  if (options.json) console.log(JSON.stringify(report));
  return rows.every(([, count, wanted]) => wanted === undefined || wanted === count);
}
