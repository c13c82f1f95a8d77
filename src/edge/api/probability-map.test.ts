import { decode } from "fast-png";
import { expect, test } from "vitest";
import { classMapsSchema } from "../../contract/index.ts";
import { classMapsAnswer } from "./probability-map.ts";

test("maps become grey PNGs of round(255 p), classes apart", () => {
  const data = Float32Array.from({ length: 2 * 5 * 7 }, (_, i) => i / 69);
  const answer = classMapsSchema.parse(classMapsAnswer({ height: 5, width: 7, data }));
  [answer.benign, answer.malignant].forEach((map, c) => {
    const png = decode(Buffer.from(map.data, "base64"));
    expect(png).toMatchObject({ width: 7, height: 5, channels: 1, depth: 8 });
    expect(Array.from(png.data)).toEqual(Array.from(data.subarray(c * 35, c * 35 + 35), (p) => Math.round(p * 255)));
  });
});
