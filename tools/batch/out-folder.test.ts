import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { occupy } from "./out-folder.ts";

/** Processes that do nothing, each as the run that a lock names. */
const others: ChildProcess[] = [];
const pids = () => others.map(({ pid }) => pid ?? 0);
const dead = spawnSync(process.execPath, ["-e", ""]).pid;
let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "glam-out-"));
  for (let i = 0; i < 3; i++) others.push(spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]));
});
afterAll(async () => {
  for (const other of others) other.kill();
  await rm(out, { recursive: true });
});

test("a run keeps others out until it leaves; one that was killed, or had the same number, keeps nobody out", async () => {
  const [one, other] = pids();
  await writeFile(join(out, `run.${dead}.lock`), "");
  const leave = await occupy(out, one);
  await expect(occupy(out, other)).rejects.toMatchObject({ code: "invalid-request", message: /Another run works/ });
  expect(await readdir(out)).toEqual([`run.${one}.lock`]);
  // The same number in another container: what was there has ended.
  await (await occupy(out, one))();
  await leave();
  await (await occupy(out, other))();
  expect(await readdir(out)).toEqual([]);
});

test("of runs that begin at once and clear what a killed one left, no two work", async () => {
  for (let round = 0; round < 20; round++) {
    await writeFile(join(out, `run.${dead}.lock`), "");
    let inside = 0;
    let most = 0;
    const runs = pids().map(async (pid) => {
      const leave = await occupy(out, pid);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
      await leave();
    });
    await Promise.allSettled(runs);
    expect(most).toBeLessThanOrEqual(1);
  }
});
