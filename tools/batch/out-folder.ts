/**
 * @module
 * The folder that a run writes to: nothing is ever half there, and one run at a time works in it.
 */
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
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

/**
 * Makes the folder, for its owner alone, and keeps other runs out of it. A run that was killed keeps nobody out.
 * @returns what lets others in
 * @throws GlamError `invalid-request` while another run works there
 */
export async function occupy(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, "run.lock");
  for (;;) {
    const handle = await open(lock, "wx").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    if (handle) {
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(lock, { force: true });
    }
    const holder = Number(await readFile(lock, "utf8").catch(() => ""));
    if (holder !== process.pid && isAlive(holder)) {
      throw new GlamError(
        "invalid-request",
        "Another run works in the out folder. Wait for it, or give another --out; if there is none, delete run.lock there.",
      );
    }
    await rm(lock, { force: true });
  }
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
