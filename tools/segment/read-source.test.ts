import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { expect, test } from "vitest";
import { readSource } from "./read-source.ts";

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
