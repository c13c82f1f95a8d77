import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { defaultMemoryLimit, ortMemory, ortRuntime } from "../../src/edge/inference/ort/workerd.ts";
import { type AssetFetcher, assetStore } from "../../src/edge/models/asset-store.ts";
import { createRegistry } from "../../src/edge/models/registry.ts";
import { localMapSide } from "../../src/glam/spec.ts";

const store = assetStore((env as { ASSETS: AssetFetcher }).ASSETS, "/models");
const realInstantiate = WebAssembly.instantiate;
const realMemory = WebAssembly.Memory;

test("a limit that ORT cannot start with is refused, and harms nothing", () => {
  expect(() => ortRuntime(8 * 2 ** 20)).toThrow(expect.objectContaining({ code: "out-of-memory" }));
});

test("nothing is initialised before the first network", () => {
  ortRuntime();
  expect(ortMemory()).toBeUndefined();
});

test("the tiny model runs in workerd from hashed assets, several requests at a time, under the cap", async () => {
  expect(await store.list()).toEqual(["glam-tiny", "glam-tiny-simd"]);
  const registry = createRegistry(store, ortRuntime());
  const { spec } = await registry.manifest("glam-tiny");
  const image = Float32Array.from({ length: spec.canvas.height * spec.canvas.width }, (_, i) => Math.sin(i * 0.37));
  const crop = image.slice(0, spec.crop ** 2);
  const [global, local] = await Promise.all([registry.globalNetwork("glam-tiny"), registry.localNetwork("glam-tiny")]);
  const [maps, again, map] = await Promise.all([global.run(image), global.run(image), local.run(crop)]);
  expect(again).toEqual(maps);
  expect(maps.map(({ length }) => length)).toEqual(Array(3).fill(2 * spec.saliency.height * spec.saliency.width));
  expect(map.length).toBe(2 * localMapSide(spec) ** 2);
  for (const values of [...maps, map]) expect(values.every((value) => value > 0 && value < 1)).toBe(true);
  expect(ortMemory()).toEqual({ bytes: expect.any(Number), limit: defaultMemoryLimit });
  expect(ortMemory()?.bytes).toBeGreaterThanOrEqual(16 * 2 ** 20);
  expect(ortMemory()?.bytes).toBeLessThanOrEqual(24 * 2 ** 20);
});

test("the globals that initialisation replaces are back", () => {
  expect(WebAssembly.instantiate).toBe(realInstantiate);
  expect(WebAssembly.Memory).toBe(realMemory);
});

test("a model that outgrows the cap is out-of-memory, and the next network runs", async () => {
  const manifest = await store.manifest("glam-tiny");
  const huge = new Uint8Array(90 * 2 ** 20);
  await expect(ortRuntime().localNetwork(huge, manifest.spec)).rejects.toMatchObject({ code: "out-of-memory" });
  const local = await createRegistry(store, ortRuntime()).localNetwork("glam-tiny");
  await expect(local.run(new Float32Array(manifest.spec.crop ** 2))).resolves.toBeInstanceOf(Float32Array);
  expect(ortMemory()?.bytes).toBeLessThanOrEqual(defaultMemoryLimit);
});
