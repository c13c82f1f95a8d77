import { decode } from "fast-png";
import { expect, test } from "vitest";
import { createRandom } from "../../phantom/random.ts";
import { encodeGreyPng } from "./grey-png.ts";

function file(height: number, width: number, grey: Uint8Array): Uint8Array {
  const row = (y: number) => grey.subarray(y * width, (y + 1) * width);
  const parts = encodeGreyPng({
    height,
    width,
    fillRow: (y, out) => out.set(row(y)),
    // Every other repetition is told.
    repeats: (y) => y % 2 === 0 && Buffer.from(row(y)).equals(row(y - 1)),
  });
  return new Uint8Array(Buffer.concat(parts));
}

test("any image comes back as it was: noise, runs of one level, zeros first, rows that repeat", () => {
  const random = createRandom(1, "grey");
  for (let i = 0; i < 200; i++) {
    const [height, width] = i % 20 === 0 ? [700, 400] : [1 + (i % 97), 1 + ((i * 7) % 61)];
    const runs = random.uniform(0, 1);
    let level = 0;
    const grey = Uint8Array.from({ length: height * width }, () => {
      if (random.uniform(0, 1) > runs) level = Math.floor(random.uniform(0, 256));
      return level;
    });
    for (let y = 1; y < height; y++) {
      if (i % 3 === 0 && random.uniform(0, 1) < 0.7) grey.copyWithin(y * width, (y - 1) * width, y * width);
    }
    const png = decode(file(height, width, grey), { checkCrc: true });
    expect(png).toMatchObject({ height, width, channels: 1, depth: 8 });
    expect(Buffer.from(png.data).equals(Buffer.from(grey)), `image ${i}`).toBe(true);
  }
});
