import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../../bytes/base64.ts";
import { jsonBytes, multipartForm } from "./multipart.ts";
import { sha256 } from "./sha256.ts";

const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 2654435761) >>> 24);

describe("sha256", () => {
  test.each([0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 300_001])("%i bytes as Node's", (length) => {
    const bytes = noise(length + 3).subarray(3);
    expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
  });
});

describe("base64", () => {
  test.each([0, 1, 2, 3, 4, 255, 1000])("%i bytes as Node's, and back", (length) => {
    const bytes = noise(length);
    const text = Buffer.from(bytes).toString("base64");
    expect(encodeBase64(bytes)).toBe(text);
    expect(decodeBase64(text)).toEqual(bytes);
  });

  test.each(["A", "AAA", "A===", "AA=A", "A-_A", " AAA", "AAAA\n"])("%j is refused", (text) => {
    expect(() => decodeBase64(text)).toThrow(TypeError);
  });
});

describe("multipartForm", () => {
  test("is read by another implementation, byte for byte", async () => {
    const bytes = noise(70_000);
    const { body, type } = multipartForm([
      { name: "request", type: "application/json", bytes: jsonBytes({ model: "a", tile: 1 }) },
      { name: "tile-0-1", type: "image/png", bytes },
    ]);
    const form = await new Response(body, { headers: { "content-type": type } }).formData();
    expect([...form.keys()]).toEqual(["request", "tile-0-1"]);
    expect(JSON.parse(String(form.get("request")))).toEqual({ model: "a", tile: 1 });
    const tile = form.get("tile-0-1") as File;
    expect(tile.type).toBe("image/png");
    expect(new Uint8Array(await tile.arrayBuffer())).toEqual(bytes);
  });

  test("JSON beyond ASCII is escaped", () => {
    const value = { text: "é € 😀 \u0000" };
    const bytes = jsonBytes(value);
    expect(Math.max(...bytes)).toBeLessThan(128);
    expect(JSON.parse(Buffer.from(bytes).toString("latin1"))).toEqual(value);
  });
});
