import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { formBoundary, readForm } from "./form.ts";
import { checkNotEncoded } from "./form-start.ts";

const boundary = "----b";
type Part = { head: string; body: string | Uint8Array };

const named = (name: string, body: string | Uint8Array = "x", type = "image/png"): Part => ({
  head: `Content-Disposition: form-data; name="${name}"; filename="Doe, Jane.png"\r\nContent-Type: ${type}`,
  body,
});
const request = named("request", '{"view":"L-CC"}', "application/json");

/** Bytes of a form, byte for byte as written. */
const encode = (parts: Part[], end = `--${boundary}--\r\n`) =>
  Buffer.concat([
    ...parts.flatMap(({ head, body }) => [
      Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from("\r\n"),
    ]),
    Buffer.from(end),
  ]);

async function* chunks(bytes: Uint8Array, size: number) {
  for (let i = 0; i < bytes.length; i += size) yield bytes.slice(i, i + size);
}
const read = (bytes: Uint8Array, size = 1 << 20) => readForm(chunks(bytes, size), boundary);
const refused = (bytes: Uint8Array, code: string, at?: string) =>
  expect(read(bytes)).rejects.toMatchObject({ code, at });

describe("readForm", () => {
  const pixels = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) % 256);
  const form = encode([named("tile-0-1", pixels, "image/jpeg"), request, named("tile-12-0", "--", "image/png; x=y")]);

  test.each([1, 2, 3, 7, 64, 1 << 20])("reads the same form in chunks of %i bytes", async (size) => {
    const { request: text, tiles, single } = await read(form, size);
    expect(text).toBe('{"view":"L-CC"}');
    expect(single).toBe(false);
    expect(tiles).toEqual([
      { name: "tile-0-1", row: 0, col: 1, mediaType: "image/jpeg", bytes: pixels },
      { name: "tile-12-0", row: 12, col: 0, mediaType: "image/png", bytes: new Uint8Array([45, 45]) },
    ]);
    expect(JSON.stringify(tiles)).not.toContain("Jane");
  });

  test("an epilogue after the last boundary is ignored, wherever chunks end", async () => {
    for (const size of [1, form.length, 1 << 20]) {
      await expect(read(Buffer.concat([form, Buffer.from("epilogue")]), size)).resolves.toBeDefined();
    }
  });

  test.each([
    "\r\n",
    "\r\n\r\n",
    "This is a form.\r\n",
    `--${boundary.slice(1)}\r\n--\r\n`,
    `${"x".repeat(70_000)}\r\n`,
  ])("a preamble before the first boundary is ignored, wherever chunks end (%#)", async (preamble) => {
    for (const size of [1, 5, 63, 1 << 20]) {
      if (size === 1 && preamble.length > 1000) continue;
      const { tiles } = await read(Buffer.concat([Buffer.from(preamble), form]), size);
      expect(tiles[0].bytes).toEqual(pixels);
    }
  });

  test("the name of a part in any case, and none inside of a file's name", async () => {
    const spoken = (disposition: string, body: string | Uint8Array): Part => ({
      head: `Content-Disposition: form-data; ${disposition}\r\nContent-Type: image/png`,
      body,
    });
    const { tiles } = await read(
      encode([spoken('FileName="a; NAME=x \\"b"; NAME="image"', pixels), spoken("Name = request", '{"view":"L-CC"}')]),
    );
    expect(tiles[0].bytes).toEqual(pixels);
    await expect(read(encode([request, spoken('filename="a; NAME=image"', pixels)]))).rejects.toThrow(/no name/);
  });

  test("says what was seen: lines that end in LF, a compressed body", async () => {
    const bare = Buffer.from(`--${boundary}\n${named("request").head.replaceAll("\r", "")}\n\n{}\n--${boundary}--\n`);
    for (const size of [1, 7, 1 << 20]) {
      await expect(read(bare, size)).rejects.toMatchObject({ code: "malformed-form", message: /LF/ });
      const later = Buffer.concat([Buffer.from("preamble\n"), bare]);
      await expect(read(later, size)).rejects.toMatchObject({ code: "malformed-form", message: /LF/ });
      const packed = gzipSync(form);
      await expect(read(packed, size)).rejects.toMatchObject({ code: "unsupported-media-type", message: /gzip/ });
    }
    const headers = new Headers({ "content-encoding": "br" });
    expect(() => checkNotEncoded(headers)).toThrow(/encoded as br/);
    expect(() => checkNotEncoded(new Headers({ "content-encoding": "identity" }))).not.toThrow();
    expect(() => checkNotEncoded(new Headers())).not.toThrow();
  });

  test("a part `image` is the one tile", async () => {
    expect(await read(encode([request, named("image", pixels)]))).toMatchObject({
      single: true,
      tiles: [{ name: "image", row: 0, col: 0 }],
    });
  });

  test("reads what fetch writes", async () => {
    const data = new FormData();
    data.append("request", new Blob(['{"view":"R-CC"}'], { type: "application/json" }));
    data.append("tile-0-0", new Blob([pixels], { type: "image/png" }), "secret.png");
    const response = new Response(data);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const result = await readForm(chunks(bytes, 100), formBoundary(response.headers.get("content-type")));
    expect(result.tiles[0].bytes).toEqual(pixels);
  });

  test.each([
    ["a body cut off in a part", form.subarray(0, 3000)],
    ["a body cut off before the last boundary", encode([request, named("image")], "")],
    ["a wrong boundary", encode([request], "").subarray(1)],
    ["nothing", new Uint8Array()],
    ["an unknown name", encode([request, named("patient-name")])],
    ["a nameless part", encode([request, { head: "Content-Type: image/png", body: "x" }])],
    ["a leading zero", encode([request, named("tile-00-1")])],
    ["a negative row", encode([request, named("tile--1-1")])],
    ["a header bomb", encode([{ head: `X-Bomb: ${"y".repeat(9000)}`, body: "" }])],
    ["a header without end", encode([], `--${boundary}\r\nX: ${"y".repeat(9000)}`)],
    ["headers that are not UTF-8", Buffer.from(`--${boundary}\r\nX: \xff\r\n\r\nx\r\n--${boundary}--`, "latin1")],
    ["too many parts", encode(Array.from({ length: 1200 }, (_, i) => named(`tile-${i}-0`, "")))],
  ])("%s is malformed", async (_, bytes) => {
    await refused(bytes, "malformed-form");
  });

  test("says which part is missing, double or unreadable", async () => {
    await refused(encode([named("image")]), "malformed-form", "request");
    await refused(encode([request, request, named("image")]), "malformed-form", "request");
    await refused(encode([request]), "no-tiles");
    await refused(encode([request, named("tile-0-0"), named("tile-0-0")]), "tile-duplicate", "tile-0-0");
    await refused(encode([request, named("image"), named("image")]), "tile-duplicate", "image");
    await refused(encode([request, named("tile-0-0"), named("image")]), "malformed-form", "image");
    await refused(encode([request, named("image"), named("tile-0-0")]), "malformed-form", "image");
    await refused(encode([named("request", new Uint8Array([0xff])), named("image")]), "malformed-json", "request");
    await refused(encode([named("request", " ".repeat(70_000)), named("image")]), "malformed-form", "request");
  });
});

describe("formBoundary", () => {
  test.each([
    ["multipart/form-data; boundary=abc", "abc"],
    ['Multipart/Form-Data; charset=utf-8; boundary="a b"; x=y', "a b"],
    ["multipart/form-data;boundary=abc ", "abc"],
  ])("%s", (type, expected) => {
    expect(formBoundary(type)).toBe(expected);
  });

  test.each([
    null,
    "",
    "application/json",
    "multipart/mixed; boundary=a",
    "multipart/form-data-x; boundary=a",
    "text/plain; multipart/form-data",
  ])("%s is the wrong media type", (type) => {
    expect(() => formBoundary(type)).toThrow(expect.objectContaining({ code: "unsupported-media-type" }));
  });

  test.each(["", "; boundary=", '; boundary=""', `; boundary=${"a".repeat(71)}`, "; boundary=a\tb", "; boundary=ä"])(
    "no boundary in %j",
    (rest) => {
      expect(() => formBoundary(`multipart/form-data${rest}`)).toThrow(
        expect.objectContaining({ code: "malformed-form" }),
      );
    },
  );
});
