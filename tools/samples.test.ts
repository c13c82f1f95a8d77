import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openSample, readSamples } from "./samples.ts";

test("every sample opens, has a lesion on its breast, and is named where its licence asks for it", async () => {
  const samples = await readSamples();
  const told = await readFile(new URL("../samples/README.md", import.meta.url), "utf8");
  expect(samples.map(({ file }) => file)).toEqual(["malignant-mass.png", "benign-mass.png"]);
  for (const sample of samples) {
    const { image, masks, lesions } = await openSample(sample);
    expect([image.height, image.width]).toEqual([1536, 1024]);
    const [{ kind }] = lesions;
    const inside = masks[kind].reduce((sum, one) => sum + one, 0);
    expect(inside).toBeGreaterThan(2000);
    const onBreast = masks[kind].reduce((sum, one, i) => sum + (one === 1 && image.pixels[i] > 0 ? 1 : 0), 0);
    expect(onBreast / inside).toBeGreaterThan(0.98);
    expect(told).toContain(sample.file);
  }
  expect(told).toContain("10.7937/29kw-ae92");
});
