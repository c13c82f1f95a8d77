/**
 * @module
 * A folder with the files that the documentation names, and a Worker, in which its commands run.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { encode } from "fast-png";
import { generatePhantom } from "../../src/phantom/index.ts";
import { type LocalWorker, startLocalWorker } from "../../tools/local-worker.ts";
import { launchBrowser } from "../support/browser.ts";
import { mammogramFile } from "../support/dicom-mammogram.ts";
import { runShell } from "../support/shell.ts";
import { root } from "./blocks.ts";

/** Where blocks are run. */
export type Workshop = {
  folder: string;
  /** @returns what the commands printed, on both streams */
  shell(text: string): Promise<string>;
  /** An ES module, after lines that make what it takes for granted. */
  program(text: string, given: string): Promise<string>;
  /** A page, given a phantom through its file input. @returns what it shows in the end */
  browser(html: string): Promise<string>;
  close(): Promise<void>;
};

async function fill(folder: string): Promise<void> {
  const phantom = generatePhantom({ seed: 7, height: 1536, width: 1024, bits: 8, view: "L-MLO" });
  const { height, width, pixels, pixelSpacing } = phantom;
  const png = encode({ data: pixels, height, width, channels: 1, depth: 8 });
  await writeFile(join(folder, "phantom.png"), png);
  await writeFile(join(folder, "film.png"), png);
  const study = mammogramFile({ height, width, pixels, bits: 8 }, { view: "L-MLO", pixelSpacing });
  await writeFile(join(folder, "study.dcm"), study);
  await mkdir(join(folder, "archive"));
  await writeFile(join(folder, "archive/IM1"), study);
  for (const network of ["global.onnx", "local.onnx"]) {
    await copyFile(join(root, "test/fixtures/models/glam-tiny", network), join(folder, network));
  }
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/glam-edge"));
  for (const name of ["test", "specs", "training", "wrangler.toml", "wrangler.simd.toml"]) {
    await symlink(join(root, name), join(folder, name));
  }
  await copyFile(join(root, "dist/client.js"), join(folder, "client.js"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
}

export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "glam-docs-"));
  await fill(folder);
  const worker: LocalWorker = await startLocalWorker({ vars: { DEADLINE_MS: "300000" } });
  const options = {
    cwd: folder,
    maxBuffer: 2 ** 26,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "log", PYTHONDONTWRITEBYTECODE: "1" },
  };
  const here = (text: string) =>
    text.replaceAll(/http:\/\/localhost:8787|https:\/\/glam\.example|https:\/\/\.\.\./g, worker.url.origin);

  async function shell(text: string): Promise<string> {
    const commands = here(text)
      .replaceAll("npx glam", `"${process.execPath}" "${join(root, "tools/glam.ts")}"`)
      .replaceAll("npx wrangler deploy", `cd "${root}" && npx wrangler deploy --outdir "${join(folder, "bundled")}"`)
      .replaceAll("training python3", "training /usr/bin/python3");
    const { stdout, stderr } = await runShell(commands, options);
    return stderr + stdout;
  }

  async function program(text: string, given: string): Promise<string> {
    const file = join(folder, "program.ts");
    await writeFile(file, here(`import { readFile } from "node:fs/promises";\n${given}\n${text}`));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], options);
    return stderr + stdout;
  }

  async function browser(html: string): Promise<string> {
    const script = await readFile(join(folder, "client.js"));
    const server = createServer(({ url }, response) => {
      const [type, body] = url === "/client.js" ? ["text/javascript", script] : ["text/html", here(html)];
      response.setHeader("Content-Type", type).end(body);
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const chromium = await launchBrowser();
    try {
      const page = await chromium.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.setInputFiles("input[type=file]", join(folder, "phantom.png"));
      await page.waitForFunction(() => document.querySelector("#out")?.textContent?.includes(":"), undefined, {
        timeout: 60_000,
      });
      return (await page.textContent("#out")) ?? "";
    } finally {
      await chromium.close();
      server.close();
    }
  }

  return {
    folder,
    shell,
    program,
    browser,
    close: async () => {
      await worker.stop();
      await rm(folder, { recursive: true });
    },
  };
}
