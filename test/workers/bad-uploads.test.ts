import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { ProblemCode } from "../../src/glam/problem.ts";
import { tinyCanvas, tinyRequest, tinyTiles } from "../support/tiny-image.ts";
import {
  type Ask,
  contentDigest,
  postUpload,
  problemIn,
  putTile,
  putTiles,
  readUpload,
  runUpload,
  startUpload,
} from "../support/upload-client.ts";

const ask: Ask = (path, init) => exports.default.fetch(new Request(`https://glam.example${path}`, init));
const json = { "content-type": "application/json" };
const text = JSON.stringify(tinyRequest);

/** A body that goes on as long as it is read, and how much was. */
function endless() {
  const state = { megabytes: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.megabytes++;
      if (state.megabytes > 200) controller.error(new Error("read for ever"));
      else controller.enqueue(new Uint8Array(1024 * 1024));
    },
  });
  return { body, state };
}

describe("requests that start no upload", () => {
  const cases: [string, string | Uint8Array<ArrayBuffer>, Record<string, string>, ProblemCode][] = [
    ["a form", text, { "content-type": "multipart/form-data; boundary=b" }, "unsupported-media-type"],
    ["no media type", new TextEncoder().encode(text), {}, "unsupported-media-type"],
    ["nothing", "", json, "malformed-json"],
    ["JSON cut off", text.slice(0, -3), json, "malformed-json"],
    ["bytes that are no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), json, "malformed-json"],
    ["the same key twice", text.replace("{", '{"view":"R-CC",'), json, "invalid-request"],
    ["an unknown field", text.replace("{", '{"patientName":"Doe",'), json, "invalid-request"],
    ["a canvas of another size", text.replace("128", "256"), json, "canvas-mismatch"],
    ["an unknown model", text.replace("glam-tiny", "glam-huge"), json, "model-not-found"],
    [
      "more tiles than a grid may have",
      JSON.stringify({ ...tinyRequest, tile: { height: 2, width: 2 } }),
      json,
      "invalid-request",
    ],
    ["100 kB", `${text}${" ".repeat(100_000)}`, json, "body-too-large"],
  ];
  test.each(cases)("%s", async (_, body, headers, code) => {
    const problem = await problemIn(await ask("/v1/uploads", { method: "POST", body, headers }));
    expect(problem.code).toBe(code);
    expect(JSON.stringify(problem)).not.toContain("Doe");
  });

  test.each(["canvas", "tile"])("without %s", async (field) => {
    const problem = await problemIn(await postUpload(ask, { ...tinyRequest, [field]: undefined }));
    expect(problem).toMatchObject({ code: "invalid-request", errors: [{ path: `/${field}` }] });
  });

  test("a body without end is cut off", async () => {
    const { body, state } = endless();
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, headers: json, duplex: "half" };
    expect(await problemIn(await ask("/v1/uploads", init))).toMatchObject({ code: "body-too-large" });
    expect(state.megabytes).toBeLessThan(10);
  });
});

describe("tiles that are not kept", () => {
  let id: string;
  const [tile] = tinyTiles(tinyCanvas(16), "png");
  const digest = () => contentDigest(tile.bytes);
  beforeAll(async () => {
    ({ id } = await startUpload(ask, tinyRequest));
  });

  /** Sends something to a place; it must be refused, and nothing be there. */
  async function refused(init: RequestInit, at = "0/0") {
    const problem = await problemIn(await ask(`/v1/uploads/${id}/tiles/${at}`, { method: "PUT", ...init }));
    expect((await readUpload(ask, id)).received).toEqual([]);
    return problem;
  }
  const png = { "content-type": "image/png" };

  test.each([
    ["missing", {}, "digest-invalid"],
    ["malformed", { "content-digest": "sha-256=hello" }, "digest-invalid"],
    ["of another kind only", { "content-digest": "md5=:AAAAAAAAAAAAAAAAAAAAAA==:" }, "digest-invalid"],
    ["of other bytes", { "content-digest": `sha-256=:${"A".repeat(43)}=:` }, "digest-mismatch"],
  ])("a digest that is %s", async (_, headers, code) => {
    const problem = await refused({ body: tile.bytes, headers: { ...png, ...headers } });
    expect(problem).toMatchObject({ code, at: "tile-0-0" });
  });

  test("a tile that lost its end on the way", async () => {
    const headers = { ...png, "content-digest": await digest() };
    expect(await refused({ body: tile.bytes.slice(0, -9), headers })).toMatchObject({ code: "digest-mismatch" });
  });

  test("a tile that was broken before it was sent", async () => {
    const bytes = tile.bytes.slice(0, -9);
    const headers = { ...png, "content-digest": await contentDigest(bytes) };
    expect(await refused({ body: bytes, headers })).toMatchObject({ code: "tile-damaged", at: "tile-0-0" });
  });

  test.each(["image/jpeg", "image/webp", "application/dicom", ""])("a PNG that says %j", async (type) => {
    const headers = { "content-type": type, "content-digest": await digest() };
    expect(await refused({ body: tile.bytes, headers })).toMatchObject({ code: "unsupported-media-type" });
  });

  test("nothing at all", async () => {
    const headers = { ...png, "content-digest": await contentDigest(new Uint8Array(0)) };
    expect(await refused({ headers })).toMatchObject({ code: "tile-damaged" });
  });

  test.each([
    ["0/3", "tile-outside-grid"],
    ["3/0", "tile-outside-grid"],
    ["99999/99999", "tile-outside-grid"],
    ["0/2", "tile-wrong-size"],
    ["2/0", "tile-wrong-size"],
    ["00/0", "not-found"],
    ["-1/0", "not-found"],
    ["0/1e1", "not-found"],
    ["x/y", "not-found"],
    ["0/999999", "not-found"],
    ["%F0%28%8C%28/0", "not-found"],
    ["0", "not-found"],
    ["0/0/0", "not-found"],
  ])("a place that is not the tile's: %s is %s", async (at, code) => {
    const headers = { ...png, "content-digest": await digest() };
    expect(await refused({ body: tile.bytes, headers }, at)).toMatchObject({ code });
  });

  test("a tile without end is cut off", async () => {
    const { body, state } = endless();
    const headers = { ...png, "content-digest": await digest() };
    const init: RequestInit & { duplex: "half" } = { body, headers, duplex: "half" };
    expect(await refused(init)).toMatchObject({ code: "tile-too-large", status: 413 });
    expect(state.megabytes).toBeLessThan(20);
  });

  test("a length that says too much is refused before it is read", async () => {
    const { body, state } = endless();
    const headers = { ...png, "content-digest": await digest(), "content-length": "20000000" };
    const init: RequestInit & { duplex: "half" } = { body, headers, duplex: "half" };
    expect(await refused(init)).toMatchObject({ code: "tile-too-large" });
    expect(state.megabytes).toBeLessThan(4);
  });

  test("after all of that the upload still takes tiles and gives an answer", async () => {
    await putTiles(ask, id, tinyTiles(tinyCanvas(16), "png"));
    expect((await runUpload(ask, id)).status).toBe(200);
  });
});

describe("identifiers that are none", () => {
  const [tile] = tinyTiles(tinyCanvas(16), "png");

  test.each(["x", "A".repeat(48), "A".repeat(49), "%00", "%2e%2e", "..%2f..%2fmodels", "open-uploads"])(
    "%s is not found",
    async (id) => {
      const answers = [
        await ask(`/v1/uploads/${id}`),
        await ask(`/v1/uploads/${id}`, { method: "DELETE" }),
        await putTile(ask, id, tile),
        await runUpload(ask, id),
      ];
      for (const answer of answers) expect((await problemIn(answer)).status).toBe(404);
    },
  );
});
