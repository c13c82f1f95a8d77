import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { examResultSchema, segmentationSchema, uploadSchema } from "../../src/contract/index.ts";
import { startLocalWorker } from "../../tools/local-worker.ts";
import { runShell } from "../support/shell.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const missing = ["bash", "curl", "openssl"].filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
if (missing.length > 0) console.log(`Uploads and exams by curl are not tried: not here are ${missing.join(", ")}`);

/** Runs the first commands of a page against a Worker. @returns what they print */
async function runPage(name: string): Promise<string> {
  const page = await readFile(join(root, "docs", name), "utf8");
  const [, script] = /```sh\n(.*?)```/s.exec(page) ?? [];
  const worker = await startLocalWorker();
  const folder = await mkdtemp(join(tmpdir(), "glam-how-to-"));
  try {
    const commands = script
      .replace("http://localhost:8787", worker.url.origin)
      .replace("npx glam", `"${process.execPath}" "${join(root, "tools/glam.ts")}"`);
    expect(commands).not.toContain("npx");
    return (await runShell(commands, { cwd: folder, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } finally {
    await worker.stop();
    await rm(folder, { recursive: true });
  }
}

test.skipIf(missing.length > 0)("the commands of docs/uploads.md work as they stand", async () => {
  const answers = (await runPage("uploads.md"))
    .replaceAll("}{", "}\n{")
    .split("\n")
    .filter((line) => line.startsWith("{"));
  const [sent, read, answer] = answers.map((line) => JSON.parse(line));
  expect(uploadSchema.parse(sent).received).toHaveLength(1);
  expect(uploadSchema.parse(read)).toEqual(sent);
  expect(segmentationSchema.parse(answer)).toMatchObject({ status: "complete", tiles: 1 });
});

test.skipIf(missing.length > 0)("the commands of docs/exams.md work as they stand", async () => {
  const printed = await runPage("exams.md");
  expect(printed).toMatch(/^event: exam$/m);
  const [result] = printed.split("\n").filter((line) => line.startsWith("{") && line.includes('"answer":'));
  expect(examResultSchema.parse(JSON.parse(result))).toMatchObject({
    state: "complete",
    images: [{ view: "L-MLO", status: "complete", answer: { tiles: 1 } }],
  });
});
