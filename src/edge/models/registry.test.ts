import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type Manifest, manifestSchema } from "../../contract/manifest.ts";
import type { NetworkImage } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import { standardised } from "../../glam/standardise.ts";
import type { NetworkRuntime } from "../inference/runtime.ts";
import { createRegistry } from "./registry.ts";
import type { ModelStore } from "./store.ts";

const url = new URL("../../../test/fixtures/models/glam-tiny/model.json", import.meta.url);
const tiny = manifestSchema.parse(JSON.parse(await readFile(url, "utf8")));
const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 2));

/** What the next calls fail with, the last one first; undefined is no failure. */
type Failures = (GlamError | undefined)[];

/** A store of models a and b, and a runtime that logs what it does and refuses to do two things at a time. */
function setUp(failures: { store?: Failures; create?: Failures; run?: Failures } = {}) {
  const log: string[] = [];
  let busy = false;
  async function alone<T>(entry: string, work: () => T): Promise<T> {
    if (busy) throw new Error("overlapping calls");
    busy = true;
    log.push(entry);
    await tick();
    busy = false;
    return work();
  }
  const network = (which: string, bytes: Uint8Array) => {
    const name = `${which} ${String.fromCharCode(bytes[0])}`;
    let released = false;
    return {
      run: (image: NetworkImage) =>
        alone(`run ${name}`, () => {
          const failure = failures.run?.pop();
          if (failure) throw failure;
          if (released) throw new Error("released");
          return standardised(image);
        }),
      release: () =>
        alone(`release ${name}`, () => {
          released = true;
        }),
    };
  };
  const create = (which: string, bytes: Uint8Array) =>
    alone(`create ${which} ${String.fromCharCode(bytes[0])}`, () => {
      const failure = failures.create?.pop();
      if (failure) throw failure;
      return network(which, bytes);
    });
  const runtime: NetworkRuntime = {
    globalNetwork: async (bytes) => {
      const { run, release } = await create("global", bytes);
      const thrice = (map: Float32Array): [Float32Array, Float32Array, Float32Array] => [map, map, map];
      return { run: async (image) => thrice(await run(image)), release, arithmetic };
    },
    localNetwork: (bytes) => create("local", bytes),
  };
  const store: ModelStore = {
    list: async () => ["a", "b"],
    manifest: async (name) => {
      log.push(`manifest ${name}`);
      if (name !== "a" && name !== "b") throw new GlamError("model-not-found", "There is no such model.");
      return { ...tiny, name } satisfies Manifest;
    },
    network: async ({ name }, which) => {
      log.push(`fetch ${which} ${name}`);
      await tick();
      const failure = failures.store?.pop();
      if (failure) throw failure;
      return new TextEncoder().encode(name);
    },
  };
  return { log, registry: createRegistry(store, runtime) };
}
const crop = Float32Array.of(1, 2, 3);
const arithmetic = { measureStandardisation: () => ({ mean: 1, std: 2 }), topKMean: () => 0.5 };

test("concurrent requests load a network once and run one after the other", async () => {
  const { log, registry } = setUp();
  const networks = await Promise.all([1, 2, 3].map(() => registry.localNetwork("a")));
  const maps = await Promise.all(networks.map((network) => network.run(crop)));
  expect(maps).toEqual([crop, crop, crop]);
  expect(log.filter((entry) => entry.startsWith("fetch"))).toEqual(["fetch local a"]);
  expect(log.slice(-4)).toEqual(["create local a", "run local a", "run local a", "run local a"]);
});

test("both networks of one model stay; another model's take their place", async () => {
  const { log, registry } = setUp();
  const global = await registry.globalNetwork("a");
  await registry.localNetwork("a");
  await global.run(crop);
  await registry.localNetwork("b");
  expect(log.filter((entry) => /^(create|release|run)/.test(entry))).toEqual([
    "create global a",
    "create local a",
    "run global a",
    "release global a",
    "release local a",
    "create local b",
  ]);
});

test("a network that was evicted loads again when it runs", async () => {
  const { log, registry } = setUp();
  const a = await registry.localNetwork("a");
  await registry.localNetwork("b");
  expect(await a.run(crop)).toBe(crop);
  expect(log.slice(-4)).toEqual(["fetch local a", "release local b", "create local a", "run local a"]);
});

test("a global network comes with its runtime's arithmetic", async () => {
  const { registry } = setUp();
  expect((await registry.globalNetwork("a")).arithmetic).toBe(arithmetic);
});

test("models that push each other out all get their answers", async () => {
  const { registry } = setUp();
  const run = async (name: string) => (await registry.globalNetwork(name)).run(crop);
  const answers = await Promise.all(["a", "b", "a", "b", "a"].map(run));
  expect(answers).toHaveLength(5);
});

test("a failed download is not remembered", async () => {
  const { registry } = setUp({ store: [new GlamError("model-damaged", "Damaged.")] });
  await expect(registry.localNetwork("a")).rejects.toMatchObject({ code: "model-damaged" });
  expect(await (await registry.localNetwork("a")).run(crop)).toBe(crop);
});

test("an unknown model is asked for every time, a known one once", async () => {
  const { log, registry } = setUp();
  await expect(registry.globalNetwork("c")).rejects.toMatchObject({ code: "model-not-found" });
  await expect(registry.manifest("c")).rejects.toMatchObject({ code: "model-not-found" });
  await registry.manifest("a");
  await registry.manifest("a");
  expect(log).toEqual(["manifest c", "manifest c", "manifest a"]);
});

test("when memory runs out everything is freed, and the next request starts afresh", async () => {
  const { log, registry } = setUp({ run: [new GlamError("out-of-memory", "Full.")] });
  await registry.globalNetwork("a");
  const local = await registry.localNetwork("a");
  await expect(local.run(crop)).rejects.toMatchObject({ code: "out-of-memory" });
  expect(log.slice(-2)).toEqual(["release global a", "release local a"]);
  expect(await local.run(crop)).toBe(crop);
});

test("when a network cannot be loaded beside the others, they go", async () => {
  const { log, registry } = setUp({ create: [new GlamError("out-of-memory", "Full."), undefined] });
  await registry.globalNetwork("a");
  await expect(registry.localNetwork("a")).rejects.toMatchObject({ code: "out-of-memory" });
  expect(log.at(-1)).toBe("release global a");
  expect(await (await registry.localNetwork("a")).run(crop)).toBe(crop);
});
