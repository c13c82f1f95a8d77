/**
 * @module
 * `npm run bench -- phantoms`: does the shipped model find lesions that it never saw, through the endpoint?
 */
import { diceCoefficient } from "../src/glam/dice.ts";
import { classMask, generatePhantom, viewOfSeed } from "../src/phantom/index.ts";
import { startLocalWorker } from "../tools/local-worker.ts";
import { decodeMap } from "../tools/report.ts";
import { defaultModel, segmentCanvas } from "../tools/segment-canvas.ts";

/** Benign and malignant in turn, one lesion each, as preprocessed canvases (right views mirrored). */
export async function benchPhantoms(options: { count: number; seed: number; json: boolean }): Promise<void> {
  const worker = await startLocalWorker({ vars: { FANOUT: "inline" } });
  try {
    const { spec, threshold, name, version } = await defaultModel(worker.url);
    console.log(
      `model ${name} ${version}, ${options.count} phantoms from seed ${options.seed}, threshold ${threshold}`,
    );
    const found = { benign: [] as boolean[], malignant: [] as boolean[] };
    const first = { benign: [] as boolean[], malignant: [] as boolean[] };
    const dice = { benign: [] as number[], malignant: [] as number[] };
    for (let i = 0; i < options.count; i++) {
      const kind = i % 2 === 0 ? "benign" : "malignant";
      const seed = options.seed + i;
      const view = viewOfSeed(seed).endsWith("MLO") ? "L-MLO" : "L-CC";
      const phantom = generatePhantom({ seed, ...spec.canvas, bits: 8, view, lesions: [kind] });
      const answer = await segmentCanvas({ url: worker.url, canvas: phantom, encoding: "png", request: { view } });
      const { row, col } = phantom.lesions[0].centre;
      const hits = answer.regions.map(
        ({ box }) => row >= box.top && row < box.top + box.height && col >= box.left && col < box.left + box.width,
      );
      found[kind].push(hits.includes(true));
      first[kind].push(hits[0]);
      const map = answer.saliency && decodeMap(answer.saliency[kind]);
      const level = Math.round(255 * (answer.contours?.threshold ?? threshold));
      if (map)
        dice[kind].push(
          diceCoefficient(
            map.map((v) => (v >= level ? 1 : 0)),
            classMask(phantom, kind),
          ),
        );
      const { benign, malignant } = answer.scores;
      console.log(
        `${seed} ${kind.padEnd(9)} ${phantom.lesions[0].sub.padEnd(14)} ${hits.includes(true) ? `region ${hits.indexOf(true) + 1}` : "MISSED  "}` +
          `  scores ${benign.toFixed(2)} ${malignant.toFixed(2)}  Dice ${dice[kind].at(-1)?.toFixed(2)}`,
      );
    }
    const result = {
      count: options.count,
      inARegion: { benign: share(found.benign), malignant: share(found.malignant) },
      inTheFirstRegion: { benign: share(first.benign), malignant: share(first.malignant) },
      meanDice: { benign: mean(dice.benign), malignant: mean(dice.malignant) },
    };
    for (const [what, { benign, malignant }] of Object.entries(result).flatMap(([k, v]) =>
      typeof v === "object" ? [[k, v] as const] : [],
    )) {
      console.log(`${what.padEnd(17)} benign ${benign.toFixed(3)}, malignant ${malignant.toFixed(3)}`);
    }
    if (options.json) console.log(JSON.stringify(result));
  } finally {
    await worker.stop();
  }
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (values: boolean[]) => mean(values.map(Number));
