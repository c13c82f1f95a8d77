import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readySchema, type Segmentation, segmentationSchema } from "../../src/contract/index.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";
import { chunk, openPost, type RawConnection, write } from "../support/raw-http.ts";
import { tinyCanvas, tinyForm } from "../support/tiny-image.ts";

const MEGABYTE = new Uint8Array(1024 * 1024).fill(0x41);

describe("bodies that no library makes", () => {
  let worker: BareWorker;
  let url: URL;
  let expected: Segmentation;

  async function goodAnswer(): Promise<Segmentation> {
    const response = await fetch(url, { method: "POST", body: tinyForm(tinyCanvas(8), "png") });
    expect(response.status).toBe(200);
    return { ...segmentationSchema.parse(await response.json()), id: "" };
  }
  const ready = async () => readySchema.parse(await (await fetch(new URL("/v1/health/ready", worker.url))).json());

  beforeAll(async () => {
    worker = await startBareWorker({ FANOUT: "inline", MAX_BODY_MB: "8", DEADLINE_MS: "8000" });
    url = new URL("/v1/segmentations", worker.url);
    // The first answer may be partial: this deadline is short for compiling ORT on a busy machine.
    do expected = await goodAnswer();
    while (expected.status === "partial");
  });
  afterAll(() => worker.stop());

  /** Sends up to 100 MB in chunks; tells how many were taken before an answer or the end came, and the answer. */
  async function flood(connection: RawConnection): Promise<{ megabytes: number; received: string }> {
    let megabytes = 0;
    while (megabytes < 100 && connection.received() === "" && (await write(connection, chunk(MEGABYTE)))) megabytes++;
    await Promise.race([connection.closed, expect.poll(connection.received, { timeout: 10_000 }).not.toBe("")]);
    connection.socket.destroy();
    return { megabytes, received: connection.received() };
  }
  const type = "multipart/form-data; boundary=b";
  const part = '--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\nContent-Type: image/png\r\n\r\n';

  test("100 MB in chunks are cut off soon after the limit", async () => {
    const connection = await openPost(url, { "content-type": type, "transfer-encoding": "chunked" });
    await write(connection, chunk(Buffer.from(part)));
    const { megabytes, received } = await flood(connection);
    expect(megabytes).toBeLessThan(60);
    // A server that answers early closes the connection, and the rest of the flood may wash its answer away.
    if (received !== "") expect(received).toMatch(/^HTTP\/1.1 413 .*"code":"body-too-large"/s);
    expect(await goodAnswer()).toEqual(expected);
  });

  test("100 MB with an honest length are refused before they are sent", async () => {
    const connection = await openPost(url, { "content-type": type, "content-length": String(100 * MEGABYTE.length) });
    await expect.poll(connection.received, { timeout: 10_000 }).toMatch(/^HTTP\/1.1 413 .*"code":"body-too-large"/s);
    connection.socket.destroy();
    expect(await goodAnswer()).toEqual(expected);
  });

  test("a length that is shorter than the body cuts the form", async () => {
    const body = `${part}xxxx\r\n--b--\r\n`;
    const connection = await openPost(url, { "content-type": type, "content-length": String(body.length - 20) });
    await write(connection, body);
    await expect.poll(connection.received, { timeout: 10_000 }).toMatch(/^HTTP\/1.1 400 .*"code":"malformed-form"/s);
    connection.socket.destroy();
    expect(await goodAnswer()).toEqual(expected);
  });

  test("a length that is longer than the body never holds the isolate", async () => {
    const body = `${part}xxxx`;
    for (let i = 0; i < 8; i++) {
      const connection = await openPost(url, { "content-type": type, "content-length": String(body.length + 20) });
      await write(connection, body);
      connection.socket.end();
      await connection.closed;
      if (connection.received() !== "") expect(connection.received()).toMatch(/^HTTP\/1.1 400 /);
    }
    expect(await goodAnswer()).toEqual(expected);
    await expect.poll(async () => (await ready()).load).toMatchObject({ segmentations: 0, waiting: 0 });
  });

  test("a client that stops sending is told that time is up, and holds no place meanwhile", async () => {
    const connection = await openPost(url, { "content-type": type, "content-length": "5000" });
    await write(connection, part);
    expect(await goodAnswer()).toEqual(expected);
    await expect.poll(connection.received, { timeout: 20_000 }).toMatch(/^HTTP\/1.1 504 .*"code":"deadline-exceeded"/s);
    connection.socket.destroy();
  });
});
