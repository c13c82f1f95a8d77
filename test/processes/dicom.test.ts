import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { decode, encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { segmentationSchema } from "../../src/contract/index.ts";
import { isDicom } from "../../src/device/dicom/index.ts";
import type { GreyImage } from "../../src/device/preprocess/index.ts";
import { generatePhantom, type View } from "../../src/phantom/index.ts";
import { type LocalWorker, startLocalWorker } from "../../tools/local-worker.ts";
import { hasTool, inspect } from "../support/debian-tools.ts";
import { jpeg2000, jpegLossless, jpegLs, rle } from "../support/dicom-compress.ts";
import { dicomFile, uids } from "../support/dicom-file.ts";
import { mammogramElements, mammogramFile } from "../support/dicom-mammogram.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const model = fileURLToPath(new URL("../fixtures/models/glam-tiny/", import.meta.url));
const size = { height: 150, width: 110 };
const pixelSpacing = 1.4;

let worker: LocalWorker;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-dicom-"));
  worker = await startLocalWorker({ model, vars: { DEADLINE_MS: "300000" } });
});
afterAll(async () => {
  await worker.stop();
  await rm(folder, { recursive: true });
});

/** `glam segment` on a file with these bytes. */
async function segment(name: string, bytes: Uint8Array, options: string[]) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const args = ["tools/glam.ts", "segment", path, "--url", worker.url.href, "--json", ...options];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 2 ** 26 });
  const { input, ...answer } = JSON.parse(stdout);
  return { answer: segmentationSchema.parse(answer), input, stderr };
}

const phantom = (bits: number, view: View): GreyImage => {
  const { height, width, pixels } = generatePhantom({ seed: 12, ...size, bits, view });
  return { height, width, bits, pixels };
};

/** The DICOM files of the same pixels. */
async function dicoms(image: GreyImage, view: View): Promise<[string, Uint8Array][]> {
  const wrap = (syntax: string, frame: Uint8Array) =>
    dicomFile(mammogramElements(image, { view, pixelSpacing }), syntax, [frame]);
  return [
    ["explicit", mammogramFile(image, { view, pixelSpacing })],
    ["monochrome1", mammogramFile(image, { view, pixelSpacing, inverted: true }, { syntax: uids.bigEndian })],
    ["rle", wrap(uids.rle, rle(image))],
    ["jpeg-lossless", wrap(uids.jpegLosslessFirstOrder, jpegLossless(image, 1))],
    ["jpeg-ls", wrap(uids.jpegLs, await jpegLs(image))],
    ["jpeg-2000", wrap(uids.jpeg2000, await jpeg2000(image))],
  ];
}

describe("glam segment study.dcm", () => {
  test.each([
    ["L-CC", 12],
    ["R-MLO", 16],
  ] as const)("%s, %i bits: every DICOM gets the answer of the PNG with the same pixels", async (view, bits) => {
    const image = phantom(bits, view);
    const png = encode({ ...size, data: image.pixels, channels: 1, depth: 16 });
    const { answer, input } = await segment(`${view}.png`, png, [
      "--view",
      view,
      "--pixel-spacing",
      String(pixelSpacing),
    ]);
    expect(input).toEqual({ file: `${view}.png` });
    for (const [name, bytes] of await dicoms(image, view)) {
      const { answer: same, input: dicom } = await segment(`${view}-${name}.dcm`, bytes, []);
      expect(dicom).toEqual({ file: `${view}-${name}.dcm`, sopInstanceUid: "2.25.111.1" });
      expect({ ...same, id: "" }).toEqual({ ...answer, id: "" });
    }
  });

  test("writes a Segmentation, contours and overlays, and says nothing of the patient", async () => {
    const view = "R-CC";
    const image = phantom(12, view);
    const at = (name: string) => join(folder, name);
    const outputs = [
      "--dicom-seg",
      at("seg.dcm"),
      "--contours",
      at("c.json"),
      "--out",
      at("p.png"),
      "--overlay",
      at("o.png"),
    ];
    const file = mammogramFile(image, { view, pixelSpacing });
    const { answer, stderr } = await segment("study.dcm", file, [...outputs, "--threshold", "0.3"]);
    expect(`${stderr}${JSON.stringify(answer)}`).not.toMatch(/Secret|0815|2\.25\.111/);
    const contours = JSON.parse(await readFile(at("c.json"), "utf8"));
    expect(contours).toMatchObject({ source: size, view, threshold: 0.3, model: answer.model });
    expect(contours.benign).toHaveLength(answer.contours?.benign.length ?? -1);
    const overlay = decode(await readFile(at("o.png")));
    expect([overlay.height, overlay.width]).toEqual([size.height, size.width]);
    expect(decode(await readFile(at("p.png"))).width).toBeGreaterThan(size.width);
    const segmentation = new Uint8Array(await readFile(at("seg.dcm")));
    expect(isDicom(segmentation)).toBe(true);
    if (!hasTool("dciodvfy")) return;
    expect(inspect("dciodvfy", [], segmentation).output).not.toMatch(/Error/);
  });

  test.each([
    ["no view", { "00200062": undefined }, [], "invalid-request"],
    ["raw data", { "00080068": ["CS", "FOR PROCESSING"] as ["CS", string] }, [], "dicom-for-processing"],
  ])("%s: the command fails with the problem's code", async (_, change, options, code) => {
    const file = mammogramFile(phantom(12, "L-CC"), { view: "L-CC", pixelSpacing }, { change });
    await expect(segment("bad.dcm", file, options)).rejects.toMatchObject({
      stderr: expect.stringContaining(`error: ${code}: `),
    });
  });

  test("--dicom-seg needs a source that names its study, known before anything is segmented", async () => {
    const change = { "0020000d": undefined };
    const file = mammogramFile(phantom(12, "L-CC"), { view: "L-CC", pixelSpacing }, { change });
    await expect(segment("nameless.dcm", file, ["--dicom-seg", "x.dcm"])).rejects.toMatchObject({
      stdout: "",
      stderr: expect.stringMatching(/^error: dicom-unreadable: .*study/),
    });
  });

  test("--dicom-seg needs DICOM", async () => {
    const image = phantom(8, "L-CC");
    const png = encode({ ...size, data: image.pixels, channels: 1, depth: 8 });
    await expect(segment("a.png", png, ["--view", "L-CC", "--dicom-seg", "x.dcm"])).rejects.toMatchObject({
      stderr: expect.stringContaining("error: invalid-request: "),
    });
  });
});
