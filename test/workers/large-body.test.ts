import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { problemSchema, segmentationSchema } from "../../src/contract/index.ts";
import { tinyCanvas, tinyForm } from "../support/tiny-image.ts";

const url = "https://glam.example/v1/segmentations";
const MEGABYTE = new Uint8Array(1024 * 1024).fill(0x41);
const part = '--b\r\nContent-Disposition: form-data; name="image"\r\nContent-Type: image/png\r\n\r\n';

/** A body of 100 MB that is made while it is read, and how much was. */
function endless() {
  const state = { megabytes: 0 };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(part)),
    pull(controller) {
      if (state.megabytes === 100) return controller.close();
      state.megabytes++;
      controller.enqueue(MEGABYTE);
    },
  });
  return { body, state };
}

test.each([
  ["chunked", {}, 40],
  ["with a length that is too small", { "content-length": "1000" }, 40],
  ["with an honest length", { "content-length": "104857600" }, 4],
])(
  "100 MB %s: refused at the limit, without reading on; the next good request is answered",
  async (_, length, most) => {
    const { body, state } = endless();
    const headers = { "content-type": "multipart/form-data; boundary=b", ...length };
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, headers, duplex: "half" };
    const response = await exports.default.fetch(new Request(url, init));
    expect(problemSchema.parse(await response.json())).toMatchObject({ code: "body-too-large", status: 413 });
    expect(state.megabytes).toBeLessThanOrEqual(most);
    const good = await exports.default.fetch(
      new Request(url, { method: "POST", body: tinyForm(tinyCanvas(8), "png") }),
    );
    expect(segmentationSchema.parse(await good.json()).status).toBe("complete");
  },
);
