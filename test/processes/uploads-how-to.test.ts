import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { segmentationSchema, uploadSchema } from "../../src/contract/index.ts";
import { startLocalWorker } from "../../tools/local-worker.ts";
import { runShell } from "../support/shell.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const missing = ["bash", "curl", "openssl"].filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
if (missing.length > 0) console.log(`docs/uploads.md is not tried: these tools are not here: ${missing.join(", ")}`);

test.skipIf(missing.length > 0)("the commands of docs/uploads.md work as they stand", async () => {
  const page = await readFile(join(root, "docs/uploads.md"), "utf8");
  const [, script] = /```sh\n(.*?)```/s.exec(page) ?? [];
  const worker = await startLocalWorker();
  const folder = await mkdtemp(join(tmpdir(), "glam-how-to-"));
  try {
    const commands = script
      .replace("http://localhost:8787", worker.url.origin)
      .replace("npx glam", `"${process.execPath}" "${join(root, "tools/glam.ts")}"`);
    expect(commands).not.toContain("npx");
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await runShell(commands, options);
    const answers = stdout
      .replaceAll("}{", "}\n{")
      .split("\n")
      .filter((line) => line.startsWith("{"));
    const [sent, read, answer] = answers.map((line) => JSON.parse(line));
    expect(uploadSchema.parse(sent).received).toHaveLength(1);
    expect(uploadSchema.parse(read)).toEqual(sent);
    expect(segmentationSchema.parse(answer)).toMatchObject({ status: "complete", tiles: 1 });
  } finally {
    await worker.stop();
    await rm(folder, { recursive: true });
  }
});
