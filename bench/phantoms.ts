/**
 * @module
 * `npm run bench -- phantoms`: does the shipped model find lesions that it never saw, through the endpoint?
 */
import type { Segmentation } from "../src/api/schemas.ts";
import { decodeMap, loadModel, segmentCanvas } from "../src/client/index.ts";
import { diceCoefficient } from "../src/glam/dice.ts";
import { classMask, generatePhantom, type LesionKind, viewOfSeed } from "../src/phantom/index.ts";
import { startLocalWorker } from "../tools/local-worker.ts";

export type PhantomBenchOptions = { count: number; seed: number; json: boolean; sweep: boolean };

/** One phantom with one lesion: ranks of the regions that hold its centre, and Dice of its class by threshold. */
type Case = { kind: LesionKind; hits: number[]; dice: (threshold: number) => number };

const KINDS = ["benign", "malignant"] as const;

/** Runs the benchmark and prints a line for each phantom, then the means. */
export async function benchPhantoms(options: PhantomBenchOptions): Promise<void> {
  const worker = await startLocalWorker({ vars: { FANOUT: "inline" } });
  try {
    const { spec, threshold, name, version } = (await loadModel(worker)).manifest;
    console.log(
      `model ${name} ${version}, ${options.count} phantoms from seed ${options.seed}, threshold ${threshold}`,
    );
    const cases: Case[] = [];
    for (let i = 0; i < options.count; i++) {
      const kind = KINDS[i % 2];
      const seed = options.seed + i;
      // A left view is what preprocessing makes of the right one, its mirror image.
      const view = viewOfSeed(seed).endsWith("MLO") ? "L-MLO" : "L-CC";
      const phantom = generatePhantom({ seed, ...spec.canvas, bits: 8, view, lesions: [kind] });
      const answer = await segmentCanvas({ canvas: phantom }, { view }, { url: worker.url, encoding: "png" });
      const one = judge(answer, kind, phantom.lesions[0].centre, classMask(phantom, kind));
      cases.push(one);
      const where = one.hits.length > 0 ? `region ${one.hits[0] + 1}` : "MISSED  ";
      const scores = KINDS.map((k) => answer.scores[k].toFixed(2)).join(" ");
      const sub = phantom.lesions[0].sub.padEnd(14);
      console.log(
        `${seed} ${kind.padEnd(9)} ${sub} ${where}  scores ${scores}  Dice ${one.dice(threshold).toFixed(2)}`,
      );
    }
    const result = {
      inARegion: byKind(cases, ({ hits }) => Number(hits.length > 0)),
      inTheFirstRegion: byKind(cases, ({ hits }) => Number(hits[0] === 0)),
      dice: byKind(cases, ({ dice }) => dice(threshold)),
    };
    for (const [what, value] of Object.entries(result)) print(what, value);
    if (options.sweep) {
      for (let t = 0.1; t < 0.95; t += 0.05)
        print(
          `Dice at ${t.toFixed(2)}`,
          byKind(cases, ({ dice }) => dice(t)),
        );
    }
    if (options.json) console.log(JSON.stringify({ count: options.count, threshold, ...result }));
  } finally {
    await worker.stop();
  }
}

function judge(
  answer: Segmentation,
  kind: LesionKind,
  { row, col }: { row: number; col: number },
  mask: Uint8Array,
): Case {
  const { saliency } = answer;
  if (!saliency) throw new TypeError("The answer has no maps.");
  const map = decodeMap(saliency[kind]);
  const holds = ({ top, left, height, width }: { top: number; left: number; height: number; width: number }) =>
    row >= top && row < top + height && col >= left && col < left + width;
  return {
    kind,
    hits: answer.regions.filter(({ box }) => holds(box)).map(({ rank }) => rank),
    dice: (threshold) =>
      diceCoefficient(
        map.map((v) => (v >= 255 * threshold ? 1 : 0)),
        mask,
      ),
  };
}

/** Mean of a value over the phantoms of each kind. */
function byKind(cases: Case[], value: (one: Case) => number): Record<LesionKind, number> {
  const mean = (kind: LesionKind) => {
    const values = cases.filter((one) => one.kind === kind).map(value);
    return values.reduce((sum, v) => sum + v, 0) / values.length;
  };
  return { benign: mean("benign"), malignant: mean("malignant") };
}

function print(what: string, { benign, malignant }: Record<LesionKind, number>): void {
  console.log(`${what.padEnd(17)} benign ${benign.toFixed(3)}, malignant ${malignant.toFixed(3)}`);
}
