import { fileURLToPath } from "node:url";
import { decode, encode } from "fast-png";
import { expect, test } from "vitest";
import { generatePhantom, type View } from "../../src/phantom/index.ts";
import { mammogramFile } from "../../test/support/dicom-mammogram.ts";
import { segmentFile } from "../files/segment-file.ts";
import { openSegmenter } from "../files/segmenter.ts";
import { createFilesApp } from "./app.ts";

const size = { height: 128, width: 96, bits: 8 } as const;
const image = (view: View, seed: number) => generatePhantom({ seed, ...size, view });
const png = (view: View, seed: number) => encode({ ...size, data: image(view, seed).pixels, channels: 1, depth: 8 });
const dicom = (view: View, seed: number, patient = "P1") =>
  mammogramFile(image(view, seed), { view, pixelSpacing: 1.6 }, { change: { "00100020": ["LO", patient] } });

const folder = fileURLToPath(new URL("../../test/fixtures/models/glam-tiny-simd", import.meta.url));
const segmenter = await openSegmenter({ folder });
const lines: string[] = [];
const threads = {
  segment: (request: Parameters<typeof segmentFile>[0]) => segmentFile(request, segmenter),
  close: async () => {},
};
const app = createFilesApp(threads, (line) => lines.push(line));

type Part = [name: string, value: string | Uint8Array];

function post(parts: Part[], headers: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === "string") form.append(name, value);
    else form.append(name, new Blob([Uint8Array.from(value)]), "Doe, Jane.dcm");
  }
  return app.request("http://127.0.0.1:8790/v1/files", { method: "POST", body: form, headers });
}

async function problem(parts: Part[], headers: Record<string, string> = {}): Promise<string> {
  const response = await post(parts, headers);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const { code, status } = await response.json();
  expect(status).toBe(response.status);
  return code;
}

test("one file: scores, outlines in its own pixels and warnings; an overlay or a Segmentation by Accept", async () => {
  const parts: Part[] = [
    ["view", "R-MLO"],
    ["pixelSpacing", "1.6"],
    ["threshold", "0.2"],
    ["file", png("R-MLO", 3)],
  ];
  const question = { outputs: ["contours" as const], threshold: 0.2 };
  const request = { bytes: png("R-MLO", 3), view: "R-MLO" as const, pixelSpacing: 1.6, question };
  const expected = await segmentFile(request, segmenter);
  if (expected.status !== "answered") throw new Error(expected.code);
  const { views, breasts, patient } = await (await post(parts)).json();
  const { benign, malignant } = expected.answer.scores;
  expect(views).toMatchObject([
    { status: "complete", view: "R-MLO", threshold: 0.2, source: { height: 128, width: 96 } },
  ]);
  expect(views[0].scores).toEqual({ benign, malignant, calibrated: false });
  const means = { benign, malignant, calibrated: false, views: ["R-MLO"], failed: [] };
  expect(breasts).toEqual({ left: null, right: means });
  expect(patient).toEqual(means);
  const overlay = await post(parts, { accept: "image/png" });
  expect(decode(new Uint8Array(await overlay.arrayBuffer()))).toMatchObject({ height: 128, width: 96, channels: 3 });
  const seg = await post([["file", dicom("L-CC", 1)]], { accept: "application/dicom" });
  expect(seg.headers.get("content-type")).toBe("application/dicom");
  expect(Buffer.from(await seg.arrayBuffer()).toString("latin1", 128, 132)).toBe("DICM");
  expect(await problem(parts, { accept: "application/dicom" })).toBe("invalid-request");
});

test("an exam in one form: means by breast and woman; a broken file does not lose the others", async () => {
  const response = await post([
    ["L-CC", png("L-CC", 1)],
    ["L-MLO", png("L-MLO", 2)],
    ["file", dicom("R-CC", 3)],
    ["R-MLO", Uint8Array.of(1, 2, 3)],
  ]);
  const { views, breasts, patient } = await response.json();
  const malignant = views.map((one: { scores?: { malignant: number } }) => one.scores?.malignant);
  expect(views[3]).toMatchObject({ status: "failed", problem: { code: "image-unreadable", status: 422 } });
  expect(breasts.left.malignant).toBeCloseTo((malignant[0] + malignant[1]) / 2, 12);
  expect(breasts.right.malignant).toBe(malignant[2]);
  expect(breasts.right.failed).toEqual(["R-MLO"]);
  expect(patient.malignant).toBeCloseTo((malignant[0] + malignant[1] + malignant[2]) / 3, 12);
  const two: Part[] = [
    ["file", dicom("L-CC", 1, "P1")],
    ["file", dicom("R-CC", 2, "P2")],
  ];
  expect(await problem(two)).toBe("invalid-request");
  expect(await problem(two, { accept: "image/png" })).toBe("invalid-request");
});

test("what is wrong is said in the service's words, and nothing of the input is logged", async () => {
  expect(await problem([["file", png("L-CC", 1)]])).toBe("invalid-request");
  expect(await problem([["view", "L-CC"]])).toBe("invalid-request");
  expect(await problem([["file", dicom("L-CC", 1).subarray(0, 4000)]])).toBe("dicom-unreadable");
  for (const field of [
    ["colour", "red"],
    ["__proto__", "red"],
    ["view", "L"],
    ["threshold", "2"],
    ["threshold", ""],
  ] as Part[]) {
    const response = await post([field, ["file", dicom("L-CC", 1)]]);
    expect([response.status, (await response.json()).errors?.length]).toEqual([400, 1]);
  }
  const file: Part = ["file", dicom("L-CC", 1)];
  expect(await problem([["view", "L-CC"], ["view", "R-CC"], file])).toBe("invalid-request");
  expect(
    await problem([
      ["view", "L-CC"],
      ["R-CC", file[1]],
    ]),
  ).toBe("invalid-request");
  expect(await problem(Array(17).fill(["file", Uint8Array.of(1)]))).toBe("body-too-large");
  const send = (init: RequestInit) => app.request("http://127.0.0.1:8790/v1/files", init);
  const type = { "content-type": "multipart/form-data; boundary=b" };
  expect((await send({ method: "POST", body: "--b\r\ncut", headers: type })).status).toBe(400);
  expect((await send({ method: "POST", body: "{}" })).status).toBe(415);
  expect((await send({ method: "GET" })).status).toBe(405);
  expect((await app.request("http://127.0.0.1:8790/")).status).toBe(404);
  expect(lines).toEqual([]);
});

test("a sender that pauses keeps nobody out, and is dropped", async () => {
  const served = createFilesApp(threads, (line) => lines.push(line), { graceMs: 500, bytesPerMs: 1000 });
  const address = "http://127.0.0.1:8790/v1/files";
  const body = new ReadableStream({
    start: (controller) =>
      controller.enqueue(new TextEncoder().encode('--b\r\nContent-Disposition: form-data; name="')),
  });
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  const slow = served.request(address, { method: "POST", body, headers, duplex: "half" } as RequestInit);
  const form = new FormData();
  form.append("file", new Blob([Uint8Array.from(dicom("L-CC", 1))]));
  const first = await Promise.race([slow, served.request(address, { method: "POST", body: form })]);
  expect(first.status).toBe(200);
  const dropped = await slow;
  expect([dropped.status, (await dropped.json()).code]).toEqual([408, "too-slow"]);
});

test("pages of other origins, and names that were pointed at this machine, are turned away", async () => {
  const parts: Part[] = [["file", dicom("L-CC", 1)]];
  expect(await problem(parts, { host: "evil.example" })).toBe("not-this-machine");
  expect(await problem(parts, { host: "127.0.0.1.evil.example:8790" })).toBe("not-this-machine");
  expect(await problem(parts, { host: "127.0.0.1:8790", origin: "https://evil.example" })).toBe("not-this-machine");
  expect((await post(parts, { host: "localhost:8790", origin: "http://localhost:3000" })).status).toBe(200);
});
