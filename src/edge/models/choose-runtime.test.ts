import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type Manifest, manifestSchema, type NetworkFile, type RuntimeName } from "../../contract/manifest.ts";
import { chooseFileBy, type RuntimeWish } from "./choose-runtime.ts";

const url = new URL("../../../test/fixtures/models/glam-tiny/model.json", import.meta.url);
const tiny: unknown = JSON.parse(await readFile(url, "utf8"));
const entry = (runtime: RuntimeName): NetworkFile => ({
  runtime,
  file: { path: runtime === "ort" ? "x.onnx" : "x.bin", bytes: 1, sha256: "0".repeat(64) },
});

/** A manifest whose networks have files for these runtimes, the preferred one first. */
function manifestOf(global: RuntimeName[], local: RuntimeName[]): Manifest {
  const network = ([preferred, ...others]: RuntimeName[]) =>
    others.length === 0 ? entry(preferred) : { ...entry(preferred), alternatives: others.map(entry) };
  return manifestSchema.parse({ ...Object(tiny), networks: { global: network(global), local: network(local) } });
}

const choose = (
  files: RuntimeName[],
  wish: RuntimeWish,
  available: readonly RuntimeName[] = ["ort", "simd"],
): RuntimeName =>
  chooseFileBy({ global: wish, local: "auto" }, available)(manifestOf(files, ["ort"]), "global").runtime;

test("auto takes what the bundle prefers and the Worker has; a wish takes the other file", () => {
  expect(choose(["ort", "simd"], "auto")).toBe("ort");
  expect(choose(["simd", "ort"], "auto")).toBe("simd");
  expect(choose(["ort", "simd"], "auto", ["simd"])).toBe("simd");
  expect(choose(["ort", "simd"], "simd")).toBe("simd");
  expect(choose(["simd"], "simd")).toBe("simd");
});

test("each network has its own wish", () => {
  const pick = chooseFileBy({ global: "ort", local: "simd" }, ["ort", "simd"]);
  const manifest = manifestOf(["simd", "ort"], ["ort", "simd"]);
  expect([pick(manifest, "global").runtime, pick(manifest, "local").runtime]).toEqual(["ort", "simd"]);
});

test("a file that is not there is a stable problem that says what to do", () => {
  const missing = (call: () => unknown, text: string) =>
    expect(call).toThrow(expect.objectContaining({ code: "runtime-missing", message: expect.stringContaining(text) }));
  missing(
    () => choose(["ort"], "simd"),
    "GLOBAL_RUNTIME asks for the SIMD engine. Import the model with --runtime both",
  );
  missing(() => choose(["ort"], "auto", ["simd"]), "this Worker runs the SIMD engine.");
  missing(() => choose(["ort", "simd"], "ort", ["simd"]), "GLOBAL_RUNTIME asks for onnxruntime-web.");
});

test("a manifest with two files for one runtime is refused", () => {
  expect(() => manifestOf(["ort", "ort"], ["ort"])).toThrow("two files for one runtime");
});
