import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { decodeMap, encodeCrop } from "../../src/contract/crop-wire.ts";
import { simdEngine } from "../../src/edge/inference/simd/workerd.ts";
import type { Env } from "../../src/edge/isolate.ts";
import { type AssetFetcher, assetStore } from "../../src/edge/models/asset-store.ts";
import { manifestHash } from "../../src/edge/models/manifest-hash.ts";
import { createRegistry } from "../../src/edge/models/registry.ts";
import type { Band, Crop } from "../../src/glam/contracts.ts";
import { joinRows } from "../../src/glam/map-rows.ts";
import { topKMean } from "../../src/glam/saliency.ts";
import { localMapSide } from "../../src/glam/spec.ts";
import { measureStandardisation } from "../../src/glam/standardise.ts";
import { tinyCanvas } from "../support/tiny-image.ts";

const limit = 16 * 2 ** 20;
const store = assetStore((env as { ASSETS: AssetFetcher }).ASSETS, "/models");

test("the engine runs in workerd: its own module, its own memory, both networks", async () => {
  const engine = simdEngine(limit);
  const registry = createRegistry(store, engine);
  const { spec } = await registry.manifest("glam-tiny-simd");
  const { pixels } = tinyCanvas(8);
  const image = Float32Array.from(pixels, (pixel) => (pixel - 60) / 50);
  const [global, local] = await Promise.all([
    registry.globalNetwork("glam-tiny-simd"),
    registry.localNetwork("glam-tiny-simd"),
  ]);
  const maps = await global.run(image);
  const map = await local.run(image.slice(0, spec.crop ** 2));
  expect(await global.run(image)).toEqual(maps);
  for (const values of [...maps, map]) expect(values.every((value) => value > 0 && value < 1)).toBe(true);
  const { arithmetic } = global;
  expect(arithmetic?.measureStandardisation({ pixels })).toEqual(measureStandardisation({ pixels }));
  const benign = maps[0].subarray(0, maps[0].length / 2);
  expect(arithmetic?.topKMean(benign, 9)).toBe(topKMean(benign, 9));
  // Far below what one page of each network's maps would be: nothing but the plan and the weights is held.
  expect(engine.memory().bytes).toBeLessThan(2 ** 20);
});

test("a shard answers the rows that it is asked for, the same as those of a whole map", async () => {
  const manifest = await store.manifest("glam-tiny-simd");
  const { spec } = manifest;
  const side = localMapSide(spec);
  const model = { name: manifest.name, sha256: await manifestHash(manifest) };
  const pixels = Uint8Array.from({ length: spec.crop ** 2 }, (_, i) => (i * 7919) % 251);
  const crop: Crop = { rank: 0, side: spec.crop, pixels, standardisation: { mean: 120, std: 70 } };
  const shard = (env as Env).CROP_SHARDS?.getByName("shard-0");
  const ask = async (band: Band) => {
    const answer = await shard?.segment(encodeCrop({ ...crop, band }, model), AbortSignal.timeout(60_000));
    return decodeMap(answer ?? new Uint8Array(), side, band);
  };
  const whole = await ask([0, side]);
  const bands = [
    [0, 3],
    [3, side],
  ] as const;
  const parts = await Promise.all(bands.map(async (band) => ({ band, data: await ask(band) })));
  const joined = joinRows(parts, side);
  expect(joined).toHaveLength(whole.length);
  expect(Math.max(...joined.map((value, i) => Math.abs(value - whole[i])))).toBeLessThan(1e-5);
});

test("what does not fit under the limit is refused before it runs, and harms nothing", async () => {
  const { spec } = await store.manifest("glam-tiny-simd");
  const engine = simdEngine(limit);
  const file = await store.network(await store.manifest("glam-tiny-simd"), "global");
  const huge = { ...spec, canvas: { height: 12000, width: 12000 } };
  await expect(engine.globalNetwork(file, huge)).rejects.toMatchObject({ code: "out-of-memory" });
  const local = await createRegistry(store, engine).localNetwork("glam-tiny-simd");
  await expect(local.run(new Float32Array(spec.crop ** 2))).resolves.toBeInstanceOf(Float32Array);
});
