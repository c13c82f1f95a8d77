import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { readySchema, segmentationSchema } from "../../src/contract/index.ts";
import { makeBundle, readBundle, writeBundle } from "../../tools/bundle/bundle.ts";
import { type LocalWorker, startLocalWorker } from "../../tools/local-worker.ts";
import { tinyCanvas, tinyForm } from "../support/tiny-image.ts";

const bundle = (name: string) => fileURLToPath(new URL(`../fixtures/models/${name}`, import.meta.url));

describe("the Worker without onnxruntime-web", () => {
  const workers: LocalWorker[] = [];
  const start = async (model: string, build: "default" | "simd", vars: Record<string, string> = {}) => {
    const worker = await startLocalWorker({ model, build, vars });
    workers.push(worker);
    return worker;
  };
  const post = ({ url }: LocalWorker, model: string) => {
    const body = tinyForm(tinyCanvas(16, 4), "png", { model, regions: 2 });
    return fetch(new URL("/v1/segmentations", url), { method: "POST", body });
  };
  afterAll(async () => {
    for (const worker of workers) await worker.stop();
  });

  test("answers as the default Worker does, and holds only what the engine needs", async () => {
    const answers = [];
    for (const build of ["simd", "default"] as const) {
      const worker = await start(bundle("glam-tiny-simd"), build);
      const response = await post(worker, "glam-tiny-simd");
      expect(response.status).toBe(200);
      answers.push({ ...segmentationSchema.parse(await response.json()), id: "" });
      const ready = readySchema.parse(await (await fetch(new URL("/v1/health/ready", worker.url))).json());
      expect(ready.memory.linearBytes).toBeLessThan(2 ** 20);
    }
    expect(answers[0]).toMatchObject({ status: "complete", regions: { length: 2 } });
    expect(answers[0]).toEqual(answers[1]);
  });

  test("a bundle for both runtimes runs on the one that the configuration names", async () => {
    const [ort, simd] = await Promise.all(["glam-tiny", "glam-tiny-simd"].map((name) => readBundle(bundle(name))));
    const folder = join(await mkdtemp(join(tmpdir(), "glam-both-")), "glam-tiny");
    await writeBundle(folder, makeBundle(ort.manifest, ort.files, { alternatives: simd.files }));
    const ask = async (build: "default" | "simd", vars: Record<string, string>) => {
      const response = await post(await start(folder, build, vars), "glam-tiny");
      expect(response.status).toBe(200);
      return segmentationSchema.parse(await response.json()).scores;
    };
    const preferred = await ask("default", {});
    const engine = await ask("default", { GLOBAL_RUNTIME: "simd", LOCAL_RUNTIME: "simd" });
    expect(engine).not.toEqual(preferred);
    expect(engine.malignant).toBeCloseTo(preferred.malignant, 1);
    expect(await ask("simd", {})).toEqual(engine);
  });

  test("says what to do when a model needs onnxruntime-web", async () => {
    const response = await post(await start(bundle("glam-tiny"), "simd"), "glam-tiny");
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      type: expect.stringMatching(/runtime-missing$/),
      detail: expect.stringContaining("--runtime both"),
    });
  });
});
