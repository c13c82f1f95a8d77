/**
 * @module
 * `npm run bench -- bands`: one crop as a whole against the same crop in two bands, which two workerd processes compute at the
 * same time, for local networks from small to the released one.
 */
import { createDispatch } from "../src/edge/fanout/dispatch.ts";
import { httpsTransport } from "../src/edge/fanout/https.ts";
import { bandMacs, cutBands } from "../src/edge/inference/simd/band.ts";
import { localShape } from "../src/edge/inference/simd/network-shape.ts";
import { manifestHash } from "../src/edge/models/manifest-hash.ts";
import type { Band, Crop } from "../src/glam/contracts.ts";
import { localMapSide, type Spec } from "../src/glam/spec.ts";
import { createRandom } from "../src/phantom/random.ts";
import { randomBundle } from "../test/support/random-bundle.ts";
import { readSpec } from "../test/support/specs.ts";
import { readBundle } from "../tools/bundle/bundle.ts";
import { type LocalWorker, startLocalWorker } from "../tools/local-worker.ts";
import { median, spread } from "./statistics.ts";

const FANOUT_TOKEN = "only-for-this-benchmark";

/** One local network: GMAC, and the milliseconds of both ways. */
type Row = { name: string; gmac: number; whole: number; bands: number; spread: number };

function specs(): Spec[] {
  const released = readSpec("glam-2944x1920");
  const smaller = [64, 128, 256].map((crop) => ({ ...released, name: `glam-crop-${crop}`, crop }));
  return [readSpec("glam-1536x1024"), ...smaller, released];
}

function noiseCrop({ crop: side }: Spec): Crop {
  const random = createRandom(1, "crop");
  const pixels = Uint16Array.from({ length: side * side }, () => 2000 + 500 * random.normal());
  return { rank: 0, side, pixels, standardisation: { mean: 1500, std: 1000 } };
}

async function measure(spec: Spec, repeat: number): Promise<Row> {
  const bundle = await randomBundle(spec, "--runtime", "simd");
  const workers: LocalWorker[] = [];
  try {
    const vars = { FANOUT: "inline", FANOUT_TOKEN, CROP_DEADLINE_MS: "120000" };
    for (let i = 0; i < 2; i++) {
      workers.push(await startLocalWorker({ model: bundle.folder, build: "simd", vars }));
    }
    const transport = httpsTransport({ urls: workers.map(({ url }) => url.href), token: FANOUT_TOKEN });
    const { manifest } = await readBundle(bundle.folder);
    const model = { name: manifest.name, sha256: await manifestHash(manifest) };
    const { signal } = new AbortController();
    const crop = noiseCrop(spec);
    const shape = localShape(spec);
    const side = localMapSide(spec);
    const common = { transport, model, mapSide: side, cropDeadlineMs: 120_000, deadline: signal };
    const run = async (bands: Band[]) => {
      const segmentCrop = createDispatch({ ...common, bands });
      const start = performance.now();
      await segmentCrop(crop, signal);
      return performance.now() - start;
    };
    const halves = cutBands(shape, 2);
    for (let i = 0; i < 3; i++) await run(halves);
    const [whole, bands]: number[][] = [[], []];
    for (let i = 0; i < repeat; i++) {
      whole.push(await run([[0, side]]));
      bands.push(await run(halves));
    }
    const gmac = bandMacs(shape, [0, side]) / 1e9;
    return { name: spec.name, gmac, whole: median(whole), bands: median(bands), spread: spread(bands) };
  } finally {
    for (const worker of workers) await worker.stop();
    await bundle.remove();
  }
}

/** Runs the benchmark and prints its rows. */
export async function benchBands({ repeat, json }: { repeat: number; json: boolean }): Promise<void> {
  const rows: Row[] = [];
  for (const spec of specs()) {
    rows.push(await measure(spec, repeat));
    process.stderr.write(`${spec.name}\n`);
  }
  console.log("\n| local network | GMAC | whole ms | two bands ms | spread | times faster |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const { name, gmac, whole, bands, spread: share } of rows) {
    const cells = [gmac.toFixed(1), whole.toFixed(0), bands.toFixed(0), `${(100 * share).toFixed(0)} %`];
    console.log(`| ${name} | ${cells.join(" | ")} | ${(whole / bands).toFixed(2)} |`);
  }
  if (json) console.log(JSON.stringify({ rows }));
}
