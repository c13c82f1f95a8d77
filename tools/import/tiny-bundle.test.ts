import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readBundle } from "../bundle/bundle.ts";
import { readCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { phantomCanvases } from "./canvases.ts";
import { importModel } from "./import-model.ts";
import { measureError } from "./measure-error.ts";

const fixture = (path: string) => fileURLToPath(new URL(`../../test/fixtures/${path}`, import.meta.url));

test("the bundle that other tests use is the quantised form of the PyTorch fixture", async () => {
  const { manifest, files } = await readBundle(fixture("models/glam-tiny"));
  const exact = importModel(readCheckpoint(await readFile(fixture("pytorch/tiny-zip.pt"))), manifest.spec);
  expect(new TextDecoder("latin1").decode(files.local)).toContain("QLinearConv");
  const report = await measureError(exact.files, files, phantomCanvases(manifest.spec, 8, 300), manifest.spec);
  expect(report.saliency.percentile(0.99)).toBeLessThan(0.12);
  expect(report.local.percentile(0.99)).toBeLessThan(0.12);
});
