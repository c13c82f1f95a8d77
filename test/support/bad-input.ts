/**
 * @module
 * Everything that is wrong with an image or a request, as requests; each with the problem that it must get.
 */
import { encode } from "fast-png";
import type { ProblemCode } from "../../src/glam/problem.ts";
import colour420 from "../fixtures/tiles/colour-420.jpg?inline";
import colour444 from "../fixtures/tiles/colour-444.jpg?inline";
import colourProgressive from "../fixtures/tiles/colour-444-progressive.jpg?inline";
import grey from "../fixtures/tiles/grey.jpg?inline";
import { tinyCanvas, tinyForm, tinyImageForm, tinyRequest } from "./tiny-image.ts";

/** One bad request. */
export type BadInput = { name: string; init: () => RequestInit; code: ProblemCode; at?: string };

/** Height and width of the JPEG files in `fixtures/tiles/`. */
const jpegTile = { height: 37, width: 45 };

const bytesOf = (dataUrl: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(",") + 1)), (c) => c.charCodeAt(0));

type Tile = [name: string, bytes: Uint8Array<ArrayBuffer>, type: string];

/** A request with these tiles. */
const withTiles =
  (tiles: Tile[], request: object = {}) =>
  (): RequestInit => {
    const form = new FormData();
    form.set("request", JSON.stringify({ ...tinyRequest, ...request }));
    for (const [name, bytes, type] of tiles) form.append(name, new Blob([bytes], { type }));
    return { method: "POST", body: form };
  };

/** A request with one JPEG tile of the fixtures' size. */
const jpeg = (bytes: Uint8Array<ArrayBuffer>) => withTiles([["tile-0-0", bytes, "image/jpeg"]], { tile: jpegTile });

/** A PNG tile of 50 x 40. */
const png = (channels: 1 | 2 | 3 | 4, depth: 8 | 16, height = 50, width = 40): Uint8Array<ArrayBuffer> => {
  const length = height * width * channels;
  const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  data.forEach((_, i) => {
    data[i] = i % 200;
  });
  return new Uint8Array(encode({ height, width, data, channels, depth }));
};

const crc = (bytes: Uint8Array): number => {
  let value = -1;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
};

/** A PNG that says 50 x 40 and inflates to 16 MB. */
const pngBomb = (): Uint8Array<ArrayBuffer> => {
  const side = 4096;
  const data = new Uint8Array(side * side);
  const bytes = new Uint8Array(
    encode({ height: side, width: side, data, channels: 1, depth: 8 }, { zlib: { level: 1 } }),
  );
  const view = new DataView(bytes.buffer);
  view.setUint32(16, 40);
  view.setUint32(20, 50);
  view.setUint32(29, crc(bytes.subarray(12, 29)));
  return bytes;
};

/** The grey JPEG with another size in its frame header. */
const hugeJpeg = (): Uint8Array<ArrayBuffer> => {
  const bytes = bytesOf(grey);
  const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
  const view = new DataView(bytes.buffer);
  view.setUint16(frame + 5, 60000);
  view.setUint16(frame + 7, 60000);
  return bytes;
};

/** A raw body that is not a form. */
const raw = (body: string, type: string) => (): RequestInit => ({
  method: "POST",
  body,
  headers: { "content-type": type },
});

/** A valid image with another request. */
const asking = (request: object) => () => ({ method: "POST", body: tinyForm(tinyCanvas(8), "png", request) });

/** A valid image with this text as the part `request`. */
const saying = (text: string) => (): RequestInit => {
  const body = tinyForm(tinyCanvas(8), "png");
  body.set("request", text);
  return { method: "POST", body };
};

/** A canvas whose zeros are replaced. */
const offset = (value: number) => {
  const canvas = tinyCanvas(8);
  canvas.pixels.forEach((pixel, i) => {
    if (pixel === 0) canvas.pixels[i] = value;
  });
  return canvas;
};

const first = (bytes: Uint8Array<ArrayBuffer>, type = "image/png") => withTiles([["tile-0-0", bytes, type]]);
const request = JSON.stringify(tinyRequest);

export const badInputs: BadInput[] = [
  { name: "a truncated JPEG", init: jpeg(bytesOf(grey).slice(0, 700)), code: "tile-damaged", at: "tile-0-0" },
  { name: "a JPEG that claims 60000 x 60000", init: jpeg(hugeJpeg()), code: "tile-wrong-size", at: "tile-0-0" },
  { name: "a colour JPEG", init: jpeg(bytesOf(colour420)), code: "tile-not-grey", at: "tile-0-0" },
  { name: "a colour JPEG, 4:4:4", init: jpeg(bytesOf(colour444)), code: "tile-not-grey", at: "tile-0-0" },
  { name: "a progressive colour JPEG", init: jpeg(bytesOf(colourProgressive)), code: "tile-not-grey", at: "tile-0-0" },
  { name: "a 16-bit PNG with alpha", init: first(png(2, 16)), code: "tile-not-grey", at: "tile-0-0" },
  { name: "a colour PNG", init: first(png(3, 8)), code: "tile-not-grey", at: "tile-0-0" },
  { name: "a PNG bomb", init: () => first(pngBomb())(), code: "tile-damaged", at: "tile-0-0" },
  {
    name: "a tile of 13 MB",
    init: () => first(new Uint8Array(13 * 1024 * 1024))(),
    code: "tile-too-large",
    at: "tile-0-0",
  },
  { name: "a truncated PNG", init: first(png(1, 8).slice(0, -20)), code: "tile-damaged", at: "tile-0-0" },
  { name: "no image at all", init: first(new Uint8Array([1, 2, 3])), code: "tile-damaged", at: "tile-0-0" },
  {
    name: "a PNG that says JPEG",
    init: first(png(1, 8), "image/jpeg"),
    code: "unsupported-media-type",
    at: "tile-0-0",
  },
  { name: "a DICOM file", init: first(png(1, 8), "application/dicom"), code: "unsupported-media-type", at: "tile-0-0" },
  { name: "a tile of the wrong size", init: first(png(1, 8, 40, 50)), code: "tile-wrong-size", at: "tile-0-0" },
  {
    name: "a full tile where the canvas ends",
    init: withTiles([["tile-2-2", png(1, 8), "image/png"]]),
    code: "tile-wrong-size",
    at: "tile-2-2",
  },
  {
    name: "a tile outside the grid",
    init: withTiles([["tile-0-3", png(1, 8), "image/png"]]),
    code: "tile-outside-grid",
    at: "tile-0-3",
  },
  {
    name: "a duplicate tile",
    init: withTiles([
      ["tile-0-0", png(1, 8), "image/png"],
      ["tile-0-0", png(1, 8), "image/png"],
    ]),
    code: "tile-duplicate",
    at: "tile-0-0",
  },
  {
    name: "tiles of 8 and 16 bits",
    init: withTiles([
      ["tile-0-0", png(1, 8), "image/png"],
      ["tile-0-1", png(1, 16), "image/png"],
    ]),
    code: "tile-bit-depth",
    at: "tile-0-1",
  },
  { name: "no tile at all", init: withTiles([]), code: "no-tiles" },
  {
    name: "a constant image",
    init: () => ({
      method: "POST",
      body: tinyImageForm({ ...tinyCanvas(8), pixels: new Uint8Array(128 * 96).fill(7) }, "png"),
    }),
    code: "constant-image",
  },
  {
    name: "a black image",
    init: () => ({
      method: "POST",
      body: tinyImageForm({ ...tinyCanvas(8), pixels: new Uint8Array(128 * 96) }, "png"),
    }),
    code: "constant-image",
  },
  {
    name: "a background that is not zero",
    init: () => ({ method: "POST", body: tinyImageForm(offset(9), "png") }),
    code: "background-not-zero",
  },
  { name: "NaN", init: saying('{"view":"L-CC","threshold":NaN}'), code: "malformed-json", at: "request" },
  {
    name: "an infinite number",
    init: saying(request.replace("{", '{"threshold":1e999,')),
    code: "invalid-request",
    at: "request",
  },
  {
    name: "negative numbers",
    init: asking({ regions: -1, pixelSpacing: -0.07 }),
    code: "invalid-request",
    at: "request",
  },
  {
    name: "the same key twice",
    init: saying(request.replace("{", '{"view":"R-CC",')),
    code: "invalid-request",
    at: "request",
  },
  { name: "an unknown field", init: asking({ patientName: "Doe" }), code: "invalid-request", at: "request" },
  { name: "JSON cut off", init: saying(request.slice(0, -5)), code: "malformed-json", at: "request" },
  { name: "a view that does not exist", init: asking({ view: "L-XCCL" }), code: "invalid-request", at: "request" },
  { name: "a model that does not exist", init: asking({ model: "glam-huge" }), code: "model-not-found" },
  { name: "a model name that climbs", init: asking({ model: "../secret" }), code: "invalid-request", at: "request" },
  {
    name: "a canvas that is not the model's",
    init: asking({ canvas: { height: 256, width: 192 } }),
    code: "canvas-mismatch",
    at: "request",
  },
  {
    name: "tiles so small that there would be thousands",
    init: asking({ tile: { height: 1, width: 1 } }),
    code: "invalid-request",
  },
  { name: "no form", init: raw("{}", "application/json"), code: "unsupported-media-type", at: "content-type" },
  {
    name: "a form without boundary",
    init: raw("x", "multipart/form-data"),
    code: "malformed-form",
    at: "content-type",
  },
  { name: "a form that is none", init: raw("x", "multipart/form-data; boundary=b"), code: "malformed-form" },
  {
    name: "a form that ends early",
    init: raw("--b\r\nContent-Disp", "multipart/form-data; boundary=b"),
    code: "malformed-form",
  },
  {
    name: "a header bomb",
    init: raw(`--b\r\nX: ${"y".repeat(100_000)}\r\n\r\n\r\n--b--`, "multipart/form-data; boundary=b"),
    code: "malformed-form",
  },
];
