import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type AssetFetcher, assetStore } from "./asset-store.ts";

const folder = new URL("../../../test/fixtures/models/glam-tiny/", import.meta.url);
const model = JSON.parse(await readFile(new URL("model.json", folder), "utf8"));
const globalBytes = new Uint8Array(await readFile(new URL("global.onnx", folder)));

/** Assets by path; `asked` collects the URLs. */
function assets(files: Record<string, BodyInit | number>, asked: string[] = []): AssetFetcher & { asked: string[] } {
  return {
    asked,
    fetch: async (input) => {
      const { pathname } = new URL(String(input));
      asked.push(pathname);
      const file = files[pathname] ?? 404;
      return typeof file === "number" ? new Response("no", { status: file }) : new Response(file);
    },
  };
}
const bundle = (changes: object = {}) => ({
  "/index.json": JSON.stringify(["glam-tiny"]),
  "/glam-tiny/model.json": JSON.stringify({ ...model, ...changes }),
  "/glam-tiny/global.onnx": globalBytes,
});

test("lists, describes and hands out a bundle", async () => {
  const store = assetStore(assets(bundle()));
  expect(await store.list()).toEqual(["glam-tiny"]);
  const manifest = await store.manifest("glam-tiny");
  // A spec that does not say how maps are fused and scored means the published way; every outline counts.
  const saliency = { ...model.spec.saliency, scoreWeights: [1, 1, 1] };
  expect(manifest).toEqual({
    ...model,
    hysteresis: 1,
    minAreaMm2: 0,
    spec: { ...model.spec, saliency, fusion: "published-mean" },
  });
  const bytes = await store.network(manifest, "global");
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(model.networks.global.file.sha256);
});

test("without an index there is no model", async () => {
  expect(await assetStore(assets({})).list()).toEqual([]);
});

test("bundles may lie in a folder of the assets", async () => {
  const fetcher = assets({ "/bundles/index.json": "[]" });
  await assetStore(fetcher, "/bundles").list();
  expect(fetcher.asked).toEqual(["/bundles/index.json"]);
});

test.each(["glam-none", "", "..", "../glam-tiny", "glam-tiny/../x", "GLAM", "a".repeat(65), "%2e%2e", "a?b", "a b"])(
  "there is no model called %j",
  async (name) => {
    const fetcher = assets(bundle());
    await expect(assetStore(fetcher).manifest(name)).rejects.toMatchObject({ code: "model-not-found" });
    expect(fetcher.asked).toEqual(["/index.json"]);
  },
);

test("a bundle that the index does not list is not there, though its files are", async () => {
  const files = { ...bundle(), "/glam-other/model.json": JSON.stringify({ ...model, name: "glam-other" }) };
  await expect(assetStore(assets(files)).manifest("glam-other")).rejects.toMatchObject({ code: "model-not-found" });
  const listed = assetStore(assets({ ...files, "/index.json": '["glam-tiny", "glam-other"]' }));
  expect(await listed.manifest("glam-other")).toMatchObject({ name: "glam-other" });
});

test.each([
  ["no JSON", "{"],
  ["another schema", JSON.stringify({ ...model, schema: 2 })],
  ["an unknown field", JSON.stringify({ ...model, extra: 1 })],
  ["another name", JSON.stringify({ ...model, name: "glam-other" })],
])("a manifest with %s is damaged", async (_, text) => {
  const store = assetStore(assets({ ...bundle(), "/glam-tiny/model.json": text }));
  await expect(store.manifest("glam-tiny")).rejects.toMatchObject({ code: "model-damaged" });
});

test("an index that is no list of names is damaged", async () => {
  const store = assetStore(assets({ "/index.json": '["../x"]' }));
  await expect(store.list()).rejects.toMatchObject({ code: "model-damaged" });
});

test.each([
  ["one bit changed", Uint8Array.from(globalBytes, (byte, i) => (i === 5000 ? byte ^ 1 : byte))],
  ["a byte missing", globalBytes.slice(0, -1)],
  ["nothing", new Uint8Array(0)],
  ["missing", 404],
  ["unavailable", 500],
])("a network file that is damaged: %s", async (_, file) => {
  const store = assetStore(assets({ ...bundle(), "/glam-tiny/global.onnx": file }));
  const manifest = await store.manifest("glam-tiny");
  await expect(store.network(manifest, "global")).rejects.toMatchObject({ code: "model-damaged" });
});
