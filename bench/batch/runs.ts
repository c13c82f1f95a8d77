/**
 * @module
 * The two ways through an archive: `glam batch` in a process of its own, and the typed client, four at once.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadModel, segmentCanvas } from "../../src/device/client/index.ts";
import { parallel } from "../../src/device/client/parallel.ts";
import { preprocessDicom, readDicom } from "../../src/device/dicom/index.ts";
import { residentBytes } from "../resident-memory.ts";

const glam = fileURLToPath(new URL("../../tools/glam.ts", import.meta.url));

/** Callers of the client that are under way at once. */
const AT_ONCE = 4;

/** Seconds, and what the process took in MiB whenever so many files were done. */
export type BatchRun = { seconds: number; code: number | null; memory: { files: number; residentMiB: number }[] };

/**
 * @param options of the command
 * @param killAt lines of the journal at which the process is killed
 */
export async function runBatchCommand(
  folder: string,
  out: string,
  options: readonly string[] = [],
  killAt = Number.POSITIVE_INFINITY,
): Promise<BatchRun> {
  const began = performance.now();
  const child = spawn(process.execPath, [glam, "batch", folder, "--out", out, ...options], {
    stdio: ["ignore", "ignore", "ignore"],
  });
  const memory: BatchRun["memory"] = [];
  let last = 0;
  const timer = setInterval(async () => {
    const journal = await readFile(join(out, "journal.jsonl"), "utf8").catch(() => "");
    const files = Math.max(0, journal.split("\n").length - 2);
    if (files >= killAt) child.kill("SIGKILL");
    if (files < last + 5) return;
    last = files;
    const bytes = child.pid && (await residentBytes(child.pid));
    if (bytes) memory.push({ files, residentMiB: bytes / 2 ** 20 });
  }, 1000);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(timer);
  return { seconds: (performance.now() - began) / 1000, code, memory };
}

/** The same files, preprocessed on this thread, sent to a service that runs already; contours asked for, as the command does. */
export async function runClient(files: readonly string[], url: URL): Promise<number> {
  const began = performance.now();
  const model = await loadModel({ url });
  const work = async (path: string) => {
    const dicom = await readDicom(await readFile(path));
    const prepared = preprocessDicom(dicom, model.manifest.spec);
    if (dicom.view === undefined) throw new TypeError("A phantom has its view.");
    const answer = await segmentCanvas(prepared, { view: dicom.view, outputs: ["contours"] }, { url });
    if (answer.status !== "complete") throw new Error("A region failed.");
  };
  for await (const _ of parallel(files, AT_ONCE, work));
  return (performance.now() - began) / 1000;
}
