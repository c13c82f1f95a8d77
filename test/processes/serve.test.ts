import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { encode } from "fast-png";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generatePhantom, type View } from "../../src/phantom/index.ts";
import { blocksOf } from "../docs/blocks.ts";
import { mammogramFile } from "../support/dicom-mammogram.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const python = ["/usr/bin/python3", "python3"].find((name) => spawnSync(name, ["-c", "import requests"]).status === 0);
if (python === undefined) console.info("Skipped: no python3 with requests (Debian: apt-get install python3-requests).");

const size = { height: 128, width: 96, bits: 8 } as const;
const image = (view: View, seed: number) => generatePhantom({ seed, ...size, view });
const png = (view: View, seed: number) => encode({ ...size, data: image(view, seed).pixels, channels: 1, depth: 8 });
const dicom = (view: View, seed: number) => mammogramFile(image(view, seed), { view, pixelSpacing: 1.6 });

let folder: string;
let url: URL;
let printed = "";
let stop: () => Promise<unknown>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-serve-"));
  await mkdir(join(folder, "home"));
  await mkdir(join(folder, "studies/a"), { recursive: true });
  await writeFile(join(folder, "study.dcm"), dicom("R-MLO", 1));
  await writeFile(join(folder, "lcc.png"), png("L-CC", 2));
  await writeFile(join(folder, "lmlo.png"), png("L-MLO", 3));
  await writeFile(join(folder, "studies/a/one.dcm"), dicom("L-CC", 4));
  await writeFile(join(folder, "studies/cut.dcm"), dicom("L-CC", 4).subarray(0, 4000));
  const model = join(root, "test/fixtures/models/glam-tiny-simd");
  const args = [join(root, "tools/glam.ts"), "serve", "--port", "0", "--model", model, "--workers", "1"];
  const home = join(folder, "home");
  const child = spawn(process.execPath, args, { cwd: home, env: { ...process.env, TMPDIR: home, HOME: home } });
  const closed = new Promise((resolve) => child.on("close", resolve));
  stop = () => {
    child.kill();
    return closed;
  };
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        printed += text;
        if (printed.includes("http://127.0.0.1:")) resolve(undefined);
      });
    }
    child.on("close", () => reject(new Error(printed)));
  });
  url = new URL(/http:\/\/[\d.:]+/.exec(printed)?.[0] ?? "");
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

/** Saves the page's programs, talking to the server under test, and runs one. */
async function run(program: string, ...args: string[]): Promise<string> {
  const blocks = blocksOf("docs/how-to/call-from-python.md").filter(({ language }) => language === "python");
  const names = ["judge.py", "outputs.py", "folder.py", "exam.py"];
  for (const [i, name] of names.entries()) {
    await writeFile(join(folder, name), blocks[i].text.replaceAll("http://127.0.0.1:8790", url.origin));
  }
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const { stdout } = await promisify(execFile)(python ?? "", [program, ...args], { cwd: folder, env });
  return stdout;
}

test.skipIf(python === undefined)(
  "the how-to's programs run as they stand: a file, its outputs, a folder, an exam",
  async () => {
    expect(await run("judge.py", "study.dcm")).toMatch(
      /^R-MLO complete \{.*'malignant': 0\.\d+.*\} \d+ malignant outlines/,
    );
    await expect(run("judge.py", "lcc.png")).rejects.toThrow("invalid-request: The file does not say the view");
    await run("outputs.py");
    expect((await readFile(join(folder, "overlay.png"))).toString("latin1", 1, 4)).toBe("PNG");
    expect((await readFile(join(folder, "seg.dcm"))).toString("latin1", 128, 132)).toBe("DICM");
    await run("folder.py", "studies");
    const table = await readFile(join(folder, "scores.csv"), "utf8");
    expect(table).toMatch(/studies\/a\/one\.dcm,L-CC,0\.\d+,0\.\d+,\r\nstudies\/cut\.dcm,,,,dicom-unreadable:/);
    const [scores, statuses] = (await run("exam.py")).trim().split("\n");
    expect(scores.match(/'malignant': 0\.\d+/g)).toHaveLength(3);
    expect(statuses).toBe("['complete', 'complete', 'complete']");
  },
);

test("answers this machine's own name alone, stays there after a caller has left, and leaves no trace", async () => {
  const ask = (path: string, headers: Record<string, string>, body?: Uint8Array) =>
    new Promise<number | undefined>((resolve, reject) => {
      const method = body === undefined ? "GET" : "POST";
      request(new URL(path, url), { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end(body);
    });
  expect(await ask("/v1/health/live", {})).toBe(200);
  expect(await ask("/v1/health/live", { host: "evil.example" })).toBe(403);
  // Refused before the body is read: whoever sends still hears why.
  expect(await ask("/v1/files", { "content-type": "text/plain" }, new Uint8Array(20_000_000))).toBe(415);
  // Half a form, then gone: the place is free for the next one.
  await new Promise((resolve) => {
    const headers = { "content-type": "multipart/form-data; boundary=b", "content-length": "100000" };
    const half = request(new URL("/v1/files", url), { method: "POST", headers });
    half.on("error", resolve);
    half.write('--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nDICM');
    setTimeout(() => half.destroy(new Error("left")), 300);
  });
  const form = new FormData();
  form.append("file", new Blob([dicom("L-CC", 1)] as BlobPart[]), "PLANTED.dcm");
  const reply = await fetch(new URL("/v1/files", url), { method: "POST", body: form });
  expect((await reply.json()).views[0].status).toBe("complete");
  expect(printed.trim().split("\n")).toHaveLength(1);
  expect(await readdir(join(folder, "home"), { recursive: true })).toEqual([]);
});
