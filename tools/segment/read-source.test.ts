import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { expect, test } from "vitest";
import { readDicom } from "../../src/device/dicom/index.ts";
import { halfEllipse } from "../../src/device/preprocess/fixture.ts";
import { mammogramFile } from "../../test/support/dicom-mammogram.ts";
import { readSource, viewOf } from "./read-source.ts";

const grey = Uint8Array.from({ length: 30 }, (_, i) => (i * 37) % 256);

test("reads a file by its first bytes and names what it cannot read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "glam-source-"));
  try {
    await writeFile(join(folder, "image.dat"), encode({ height: 6, width: 5, data: grey, channels: 1, depth: 8 }));
    expect((await readSource(join(folder, "image.dat"))).image.pixels).toEqual(grey);
    await writeFile(join(folder, "image.png"), "no image");
    const unreadable = { code: "image-unreadable" };
    await expect(readSource(join(folder, "image.png"))).rejects.toMatchObject(unreadable);
    await expect(readSource(join(folder, "missing.png"))).rejects.toMatchObject(unreadable);
    await expect(readSource(folder)).rejects.toMatchObject(unreadable);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a view that the file does not say is asked for with what it says instead", async () => {
  const spoken = async (position: string) => {
    const change = { "00540220": undefined, "00185101": ["CS", position] as [string, string] };
    const image = halfEllipse(32, 40, { bits: 12 });
    const dicom = await readDicom(mammogramFile(image, { view: "L-CC" }, { change }));
    return { image: dicom.image, dicom };
  };
  expect(viewOf(await spoken("CC"), undefined)).toBe("L-CC");
  expect(viewOf(await spoken("CC"), "R-MLO")).toBe("R-MLO");
  for (const [position, told] of [
    ["LAT", /LAT.*Give --view/],
    ["XCCL", /neither CC nor MLO.*XCCL.*Give --view/],
    ["RCC", /two sides.*Give --view/],
  ] as const) {
    const source = await spoken(position);
    expect(() => viewOf(source, undefined)).toThrow(told);
  }
  const { image } = await spoken("CC");
  expect(() => viewOf({ image }, undefined)).toThrow(/does not say the view/);
});
