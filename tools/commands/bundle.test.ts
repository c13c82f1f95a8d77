import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import onnxProto from "onnx-proto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readSpec } from "../../test/support/specs.ts";
import { readBundle } from "../bundle/bundle.ts";
import { GraphWriter } from "../onnx/graph.ts";
import { bundleCommand } from "./bundle.ts";

const { ModelProto, TensorProto } = onnxProto.onnx;
const fixture = (network: string) => fileURLToPath(new URL(`../../test/fixtures/models/${network}`, import.meta.url));
const spec = readSpec("glam-tiny");
const { height, width } = spec.saliency;
let folder: string;
let out: string;
let printed: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-own-onnx-"));
  out = join(folder, "out");
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const glamBundle = (...values: string[]) =>
  bundleCommand().parseAsync(
    [
      ...["--global", fixture("glam-tiny/global.onnx"), "--local", fixture("glam-tiny/local.onnx")],
      ...["--spec", "glam-tiny", "--out", out, ...values],
    ],
    { from: "user" },
  );

/** How to spoil the own global network below. */
type Flaws = { output?: string; operator?: string; shape?: (number | undefined)[]; scale?: number };

/** A global network of another author: the picture at a sixteenth of its size, through a sigmoid. */
async function ownGlobal({ output = "s3", operator = "Sigmoid", shape, scale = 1 }: Flaws = {}): Promise<string> {
  const graph = new GraphWriter();
  graph.initialiser("kernel", [2, 1, 1, 1], Float32Array.of(scale, -scale));
  graph.initialiser("size", [4], BigInt64Array.from([1, 2, height, width].map(BigInt)));
  graph.node("Conv", ["image", "kernel"], "both");
  graph.node("Resize", ["both", "", "", "size"], "small");
  for (const name of ["s1", "s2", output]) graph.node(operator, ["small"], name);
  const model = ModelProto.decode(
    graph.encode(
      "own",
      [["image", [1, 1, spec.canvas.height, spec.canvas.width]]],
      ["s1", "s2", output].map((name) => [name, [1, 2, height, width]]),
    ),
  );
  const dims = shape?.map((size) => (size === undefined ? { dimParam: "n" } : { dimValue: size }));
  const tensor = model.graph?.output?.[0].type?.tensorType;
  if (dims && tensor) tensor.shape = { dim: dims };
  const path = join(folder, "own.onnx");
  await writeFile(path, ModelProto.encode(model).finish());
  return path;
}

const refused = async (values: string[], code: string, ...texts: string[]) => {
  const error = await glamBundle(...values).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code });
  for (const text of texts) expect(error).toHaveProperty("message", expect.stringContaining(text));
  await expect(readFile(join(out, "model.json"))).rejects.toMatchObject({ code: "ENOENT" });
};

test("graphs that fit become a bundle with hashes, number format and provenance", async () => {
  await glamBundle("--name", "mine", "--model-version", "3.2.1", "--threshold", "0.4", "--licence", "MIT");
  expect(printed).toContain("both networks fit glam-tiny and run; on one phantom:");
  expect(printed).toMatch(/map malignant: 0\.\d{4} to 0\.\d{4}/);
  const { manifest, files } = await readBundle(out);
  expect(manifest).toMatchObject({ name: "mine", version: "3.2.1", threshold: 0.4, spec });
  expect(manifest.quantisation).toEqual({ kind: "static-uint8", calibrationImages: 0 });
  expect(manifest.networks.global.runtime).toBe("ort");
  expect(Buffer.from(files.global)).toEqual(await readFile(fixture("glam-tiny/global.onnx")));
});

test("a graph of another make, with sizes left open, and one network of the engine", async () => {
  const global = await ownGlobal({ shape: [undefined, 2, undefined, undefined] });
  await glamBundle("--global", global, "--local", fixture("glam-tiny-simd/local.bin"));
  const { manifest } = await readBundle(out);
  expect([manifest.networks.global.runtime, manifest.networks.local.runtime]).toEqual(["ort", "simd"]);
});

test("what does not fit is said with what is there and what is needed, and nothing is written", async () => {
  const local = fixture("glam-tiny/local.onnx");
  await refused(["--global", local], "checkpoint-mismatch", "Input: crop float32 [1,1,", "needed: image float32 [1,1,");
  const renamed = await ownGlobal({ output: "third" });
  await refused(["--global", renamed], "checkpoint-mismatch", "third float32 [1,2,", "needed: s1 float32 [1,2,");
  const small = await ownGlobal({ shape: [1, 2, height, width + 1] });
  await refused(["--global", small], "checkpoint-mismatch", `s1 float32 [1,2,${height},${width + 1}]`);
  await refused(["--spec", "glam-1536x1024"], "checkpoint-mismatch", "or give another --spec");
});

test("logits, values that are no numbers and unknown operators are refused by trying", async () => {
  const logits = await ownGlobal({ operator: "Identity" });
  await refused(["--global", logits], "checkpoint-mismatch", "s1 benign", "Let the graph end with a Sigmoid");
  const empty = await ownGlobal({ scale: Number.NaN });
  await refused(["--global", empty], "checkpoint-mismatch", "no numbers");
  const unknown = await ownGlobal({ operator: "Mammogram" });
  await refused(["--global", unknown], "checkpoint-mismatch", "cannot be opened", "Mammogram");
});

test("files that are not there, no ONNX, cut off or in two parts", async () => {
  await refused(["--global", join(folder, "none.onnx")], "invalid-request", "global network");
  const path = join(folder, "broken.onnx");
  await writeFile(path, "nothing");
  await refused(["--global", path], "checkpoint-unreadable", "no ONNX file");
  const whole = await readFile(fixture("glam-tiny/global.onnx"));
  await writeFile(path, whole.subarray(0, whole.length / 2));
  await refused(["--global", path], "checkpoint-unreadable", "cut off");
  const model = ModelProto.decode(whole);
  for (const tensor of model.graph?.initializer ?? []) tensor.dataLocation = TensorProto.DataLocation.EXTERNAL;
  await writeFile(path, ModelProto.encode(model).finish());
  await refused(["--global", path], "checkpoint-mismatch", "Save it as one file");
});
