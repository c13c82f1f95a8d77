/**
 * @module
 * The folder that a run writes to: nothing is ever half there, and one run at a time works in it.
 */
import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GlamError } from "../../src/glam/problem.ts";

/** For its owner alone, also in a folder that is open to others. @param parts the file's content, in pieces; the old file stays until the new one is whole */
export async function writeWhole(
  path: string,
  parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(`${path}.part`, "w", 0o600);
  try {
    for await (const part of parts) await handle.appendFile(part);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.part`, path);
}

/** A run's lock: a file that names its process. */
const LOCK = /^run\.(\d+)\.lock$/;

/** How often a run that meets another one tries again: two that begin at once both step back. */
const TRIES = 4;
const MOST_PAUSE_MS = 100;

/**
 * Makes the folder, for its owner alone, and keeps other runs out of it. A run that was killed keeps nobody out. Each run
 * first writes a lock of its own and then looks for those of others, so no two that begin at once both go on.
 * @param pid for tests
 * @returns what lets others in
 * @throws GlamError `invalid-request` while another run works there
 */
export async function occupy(folder: string, pid = process.pid): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, `run.${pid}.lock`);
  const leave = () => rm(lock, { force: true });
  for (let left = TRIES; ; left--) {
    await writeFile(lock, "", { mode: 0o600 });
    const others = await locksOf(folder, pid);
    if (others.length === 0) return leave;
    await leave();
    if (left === 1) {
      throw new GlamError(
        "invalid-request",
        `Another run works in the out folder. Wait for it, or give another --out; if there is none, delete ${others[0]} there.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * MOST_PAUSE_MS));
  }
}

/** Locks of other runs that are there; removes those of runs that are not. */
async function locksOf(folder: string, own: number): Promise<string[]> {
  const locks: string[] = [];
  for (const name of await readdir(folder)) {
    const pid = Number(LOCK.exec(name)?.[1] ?? own);
    if (pid === own) continue;
    if (isAlive(pid)) locks.push(name);
    else await rm(join(folder, name), { force: true });
  }
  return locks;
}

/** Whether a process is there, ours or another user's. */
function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
