/**
 * @module
 * An exam of four views at the released size: a coordinator that sends crops to one other process, and to two.
 */
import { examSchema } from "../../src/contract/index.ts";
import { encodeTiles } from "../../src/device/client/encode-tiles.ts";
import { views } from "../../src/glam/view.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { postExam, readExam } from "../../test/support/exam-client.ts";
import { randomBundle } from "../../test/support/random-bundle.ts";
import { readSpec } from "../../test/support/specs.ts";
import { type Ask, putTiles } from "../../test/support/upload-client.ts";
import { type LocalWorker, startLocalWorker } from "../../tools/local-worker.ts";
import { median } from "../statistics.ts";

const NAME = "glam-2944x1920";
const TILE = { height: 512, width: 512 };
const patience = { DEADLINE_MS: "600000", CROP_DEADLINE_MS: "300000", FANOUT_TOKEN: "only-for-this-benchmark" };

/** Seconds of one exam, with one crop process and with two, from the last tile to the last answer. */
export type ProcessTimes = { one: number[]; two: number[] };

/** Measures both in turns and prints the medians. */
export async function benchProcesses(options: { repeat: number; regions: number; json: boolean }): Promise<void> {
  const bundle = await randomBundle(readSpec(NAME));
  const workers: LocalWorker[] = [];
  const start = async (vars: Record<string, string>): Promise<string> => {
    const worker = await startLocalWorker({ model: bundle.folder, build: "simd", vars: { ...patience, ...vars } });
    workers.push(worker);
    return worker.url.href;
  };
  try {
    const crops = [await start({ FANOUT: "inline" }), await start({ FANOUT: "inline" })];
    const coordinator = (urls: string[]) => start({ FANOUT: "https", FANOUT_URLS: urls.join(","), CROP_BANDS: "1" });
    const [one, two] = [await coordinator(crops.slice(0, 1)), await coordinator(crops)];
    const times: ProcessTimes = { one: [], two: [] };
    // The first exam of each loads the networks.
    for (const url of [one, two]) await timeExam(url, 1);
    for (let i = 0; i < options.repeat; i++) {
      times.one.push(await timeExam(one, options.regions));
      times.two.push(await timeExam(two, options.regions));
    }
    const [oneS, twoS] = [median(times.one), median(times.two)];
    console.log(`four views, ${options.regions} regions each, ${NAME}, crops over https`);
    console.log(`one crop process   ${oneS.toFixed(1)} s`);
    console.log(`two crop processes ${twoS.toFixed(1)} s, ${(oneS / twoS).toFixed(2)} times as fast`);
    if (options.json) console.log(JSON.stringify(times));
  } finally {
    for (const worker of workers) await worker.stop();
    await bundle.remove();
  }
}

/** Seconds from the last tile to the last answer. */
async function timeExam(url: string, regions: number): Promise<number> {
  const ask: Ask = (path, init) => fetch(new URL(path, url), init);
  const { canvas } = readSpec(NAME);
  const sent = await Promise.all(
    views.map(async (view, i) => {
      // A canvas has its chest wall at the left, whichever breast it shows.
      const phantom = generatePhantom({
        seed: i + 1,
        ...canvas,
        bits: 8,
        view: i % 2 === 0 ? "L-CC" : "L-MLO",
        lesions: 2,
      });
      return { view, tiles: await encodeTiles(phantom, TILE, "jpeg", undefined) };
    }),
  );
  const images = sent.map(({ view, tiles }) => ({ view, tiles: tiles.map(({ row, col }) => [row, col]) }));
  const response = await postExam(ask, { canvas, tile: TILE, regions, outputs: ["contours"], images });
  if (response.status !== 202) throw new Error(await response.text());
  const exam = examSchema.parse(await response.json());
  for (const [i, { tiles }] of sent.entries()) await putTiles(ask, exam.images[i].upload, tiles);
  const began = performance.now();
  for (;;) {
    const { state, images } = await readExam(ask, exam.id);
    if (state === "complete") break;
    if (state === "partial" || state === "failed") throw new Error(`The exam is ${state}: ${JSON.stringify(images)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const seconds = (performance.now() - began) / 1000;
  await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
  return seconds;
}
