/** The attacks of `npm run bench -- attacks`, shorter and on the tiny model: what is counted, and who is answered. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openIdle } from "../../bench/attacks/idle-connections.ts";
import { startSlowSenders } from "../../bench/attacks/slow-senders.ts";
import { readySchema } from "../../src/contract/index.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";
import { tinyCanvas, tinyForm } from "../support/tiny-image.ts";

const MIB = 2 ** 20;
let worker: BareWorker;
let url: URL;
const isAnswered = async () => {
  const response = await fetch(url, { method: "POST", body: tinyForm(tinyCanvas(8), "png") });
  await response.arrayBuffer();
  return response.ok;
};
const counted = async () => {
  const response = await fetch(new URL("/v1/health/ready", worker.url));
  return readySchema.parse(await response.json()).memory.bufferBytes;
};

beforeAll(async () => {
  worker = await startBareWorker({ FANOUT: "inline", DEADLINE_MS: "300000" });
  url = new URL("/v1/segmentations", worker.url);
  expect(await isAnswered()).toBe(true);
});
afterAll(() => worker.stop());

test("a connection that sent a few bytes holds 1 KiB, and nothing when it is gone", async () => {
  const idle = await openIdle(url, 300, 164);
  // Those that came first may have been dropped already.
  await expect.poll(counted).toBeGreaterThan(0);
  expect(await counted()).toBeLessThanOrEqual(300 * 1024);
  expect(await isAnswered()).toBe(true);
  for (const { socket } of idle) socket.destroy();
  await expect.poll(counted, { timeout: 20_000 }).toBe(0);
});

test("eight senders of 31.6 MiB that stand still are sent away, and honest requests are answered meanwhile", async () => {
  const bytes = Math.round(31.6 * MIB);
  // The second one wants the room of the first.
  const two = startSlowSenders(url, 2, bytes);
  await expect.poll(() => two.ends.includes(408), { timeout: 30_000 }).toBe(true);
  await two.stop();
  const eight = startSlowSenders(url, 8, bytes);
  await expect.poll(counted, { timeout: 20_000 }).toBeGreaterThan(40 * MIB);
  // One after the other: how fast this machine is does not count.
  let answered = 0;
  for (let i = 0; i < 20; i++) if (await isAnswered()) answered++;
  await eight.stop();
  expect(answered).toBeGreaterThanOrEqual(19);
  // 0: the connection was closed under what it was still sending.
  expect(eight.ends.filter((status) => ![0, 408, 503].includes(status))).toEqual([]);
  await expect.poll(counted, { timeout: 20_000 }).toBe(0);
});
