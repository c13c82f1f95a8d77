/**
 * @module
 * `npm run bench -- soak`: one request after the other, every fifth of them broken, and what the process takes meanwhile.
 */
import { fileURLToPath } from "node:url";
import { readySchema, segmentationSchema } from "../src/contract/index.ts";
import { startBareWorker } from "../test/support/bare-worker.ts";
import { honestRequest } from "./attacks/honest-request.ts";
import { workerdMemory } from "./resident-memory.ts";

const MIB = 2 ** 20;
/** Rows that are printed. */
const ROWS = 10;

/** Runs `requests` requests and prints ten rows: answers, refusals, resident memory and what the Worker counts. */
export async function benchSoak({ requests, json }: { requests: number; json: boolean }): Promise<void> {
  const worker = await startBareWorker({ FANOUT: "inline" }, fileURLToPath(new URL("../models", import.meta.url)));
  try {
    const ask = await honestRequest(worker.url);
    const broken = () =>
      fetch(new URL("/v1/segmentations", worker.url), {
        method: "POST",
        headers: { "content-type": "multipart/form-data; boundary=b" },
        body: `--b\r\ncontent-disposition: form-data; name="request"\r\n\r\n{"view": "L-MLO"\r\n--b--\r\n`,
      });
    const rows: { requests: number; answers: number; refusals: number; residentMiB: number; countedMiB: number }[] = [];
    const counts = { answers: 0, refusals: 0 };
    for (let i = 1; i <= requests; i++) {
      const response = await (i % 5 === 0 ? broken() : ask({}));
      const body: unknown = await response.json();
      if (response.status === 200 && segmentationSchema.parse(body).status === "complete") counts.answers++;
      else if (i % 5 === 0 && response.status >= 400 && response.status < 500) counts.refusals++;
      else throw new Error(`Request ${i} got ${response.status}.`);
      if (i % Math.ceil(requests / ROWS) !== 0) continue;
      const resident = [...(await workerdMemory()).values()].reduce((a, b) => a + b, 0);
      const ready = readySchema.parse(await (await fetch(new URL("/v1/health/ready", worker.url))).json());
      const row = { requests: i, ...counts, residentMiB: resident / MIB, countedMiB: ready.memory.bufferBytes / MIB };
      rows.push(row);
      console.log(
        `${i} requests: ${row.answers} answers, ${row.refusals} refusals, ${row.residentMiB.toFixed(1)} MiB resident, ` +
          `${row.countedMiB.toFixed(1)} MiB counted`,
      );
    }
    if (json) console.log(JSON.stringify(rows));
  } finally {
    await worker.stop();
  }
}
