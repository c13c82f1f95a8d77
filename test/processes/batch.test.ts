import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generatePhantom, views } from "../../src/phantom/index.ts";
import { mammogramElements, mammogramFile } from "../support/dicom-mammogram.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const MARK = "PLANTED";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-batch-"));
  await mkdir(join(folder, `in/${MARK}`), { recursive: true });
  await mkdir(join(folder, "home"));
  const phantoms = views.map((view, i) => generatePhantom({ seed: i, height: 128, width: 96, bits: 8, view }));
  for (let i = 0; i < 60; i++) {
    const { view, ...image } = phantoms[i % 4];
    const options = { view, pixelSpacing: 1.6 };
    // Every text that may be free gets the mark; identifiers keep their form.
    const marked = Object.entries(mammogramElements(image, options))
      .filter(([, [vr]]) => ["SH", "LO", "PN"].includes(vr))
      .map(([tag, [vr]]) => [tag, [vr, `${MARK}${i % 15}`]]);
    const uids = { "0020000d": ["UI", `2.25.7.${i % 15}`], "00080018": ["UI", `2.25.8.${i}`] };
    const bytes = mammogramFile(image, options, { change: { ...Object.fromEntries(marked), ...uids } });
    const name = `in/${MARK}/${MARK}-${i}${i % 2 === 0 ? ".dcm" : ""}`;
    await writeFile(join(folder, name), i % 10 === 7 ? bytes.subarray(0, 3000 + 7 * i) : bytes);
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** A run in a process of its own, which is killed when its journal has so many lines. */
async function run(out: string, killAt = Number.POSITIVE_INFINITY): Promise<{ code: number | null; printed: string }> {
  const model = join(root, "test/fixtures/models/glam-tiny-simd");
  const args = ["batch", join(folder, "in"), "--out", join(folder, out), "--model", model, "--workers", "2"];
  const env = { ...process.env, TMPDIR: join(folder, "home"), HOME: join(folder, "home") };
  const child = spawn(process.execPath, [join(root, "tools/glam.ts"), ...args], { env, cwd: join(folder, "home") });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += text));
  const timer = setInterval(async () => {
    const journal = await readFile(join(folder, out, "journal.jsonl"), "utf8").catch(() => "");
    if (journal.split("\n").length > killAt) child.kill("SIGKILL");
  }, 5);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(timer);
  return { code, printed };
}

test("a run that is killed twice ends in the tables of an undisturbed one, and tells nobody names", async () => {
  const whole = await run("whole");
  expect(whole.code).toBe(3);
  expect(whole.printed).toContain("dicom-unreadable: 6");
  expect((await run("killed", 8)).code).toBeNull();
  // A line that was cut off is computed again.
  await writeFile(join(folder, "killed/journal.jsonl"), '{"file":"half', { flag: "a" });
  expect((await run("killed", 30)).code).toBeNull();
  const last = await run("killed");
  expect(last.code).toBe(3);
  for (const name of ["results.csv", "exams.csv", "results.jsonl"]) {
    const [a, b] = await Promise.all(["whole", "killed"].map((out) => readFile(join(folder, out, name), "utf8")));
    expect(b).toBe(a);
    expect(a).toContain(MARK);
  }
  expect(await readdir(join(folder, "killed"))).toEqual(["exams.csv", "journal.jsonl", "results.csv", "results.jsonl"]);
  expect(whole.printed + last.printed).not.toContain(MARK);
  expect(await readdir(join(folder, "home"), { recursive: true })).toEqual([]);
});
