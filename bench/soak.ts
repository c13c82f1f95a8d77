/**
 * @module
 * `npm run bench -- soak`: one request after the other, every fifth of them broken, and the memory of the process;
 * beside it a Worker that only reads the same bodies, since the platform's own processes grow with every request.
 */
import { resolve } from "node:path";
import { readySchema, segmentationSchema } from "../src/contract/index.ts";
import { startBareWorker } from "../test/support/bare-worker.ts";
import { honestRequest } from "./attacks/honest-request.ts";
import { startPlainWorker } from "./attacks/plain-worker.ts";
import { workerdMemory } from "./resident-memory.ts";

const MIB = 2 ** 20;
/** Rows that are printed. */
const ROWS = 10;

export type SoakOptions = {
  requests: number;
  /** Folder of the bundles. */
  models: string;
  /** V8 collects all garbage often, so that what still grows is held by something. */
  collect: boolean;
  json: boolean;
};

/** Runs `requests` requests and prints ten rows: answers, refusals, resident memory of both, and what the Worker counts. */
export async function benchSoak({ requests, models, collect, json }: SoakOptions): Promise<void> {
  // Read by Miniflare when it starts a process.
  if (collect) process.env.MINIFLARE_WORKERD_V8_FLAGS = "--gc-global --gc-interval=5000";
  const worker = await startBareWorker({ FANOUT: "inline" }, { models: resolve(models) });
  const [pid] = [...(await workerdMemory()).keys()];
  const plain = await startPlainWorker();
  const residentMiB = async () => {
    const all = [...(await workerdMemory())].map(([one, bytes]) => [one === pid, bytes / MIB] as const);
    const sum = (ours: boolean) => all.filter(([one]) => one === ours).reduce((total, [, mib]) => total + mib, 0);
    return { ours: sum(true), plain: sum(false) };
  };
  try {
    const ask = await honestRequest(worker.url);
    const broken = (url: URL) =>
      fetch(new URL("/v1/segmentations", url), {
        method: "POST",
        headers: { "content-type": "multipart/form-data; boundary=b" },
        body: `--b\r\ncontent-disposition: form-data; name="request"\r\n\r\n{"view": "L-MLO"\r\n--b--\r\n`,
      });
    const rows: {
      requests: number;
      answers: number;
      refusals: number;
      residentMiB: number;
      plainMiB: number;
      countedMiB: number;
    }[] = [];
    const counts = { answers: 0, refusals: 0 };
    for (let i = 1; i <= requests; i++) {
      const response = await (i % 5 === 0 ? broken(worker.url) : ask({}));
      const body: unknown = await response.json();
      if (response.status === 200 && segmentationSchema.parse(body).status === "complete") counts.answers++;
      else if (i % 5 === 0 && response.status >= 400 && response.status < 500) counts.refusals++;
      else throw new Error(`Request ${i} got ${response.status}.`);
      await (await (i % 5 === 0 ? broken(plain.url) : ask({}, plain.url))).arrayBuffer();
      if (i % Math.ceil(requests / ROWS) !== 0) continue;
      const resident = await residentMiB();
      const ready = readySchema.parse(await (await fetch(new URL("/v1/health/ready", worker.url))).json());
      const counted = { countedMiB: ready.memory.bufferBytes / MIB };
      const row = { requests: i, ...counts, residentMiB: resident.ours, plainMiB: resident.plain, ...counted };
      rows.push(row);
      console.log(
        `${i} requests: ${row.answers} answers, ${row.refusals} refusals, ${row.residentMiB.toFixed(1)} MiB resident, ` +
          `${row.plainMiB.toFixed(1)} MiB the plain Worker, ${row.countedMiB.toFixed(1)} MiB counted`,
      );
    }
    if (json) console.log(JSON.stringify(rows));
  } finally {
    await Promise.all([worker.stop(), plain.stop()]);
  }
}
