import { expect, test } from "vitest";
import { mostMapBytes } from "../../contract/crop-wire.ts";
import { httpsTransport } from "./https.ts";

const never = new AbortController().signal;
const urls = ["http://a.example", "https://b.example/base/"];

/** Records requests and answers `response`. */
function recorder(response: () => Response) {
  const requests: Request[] = [];
  const send: typeof fetch = async (input, init) => {
    requests.push(new Request(input, init));
    return response();
  };
  return { requests, send };
}

test("posts the bytes with the secret and gives the answer's bytes back", async () => {
  const { requests, send } = recorder(() => new Response(new Uint8Array([9, 8])));
  const transport = httpsTransport({ urls, token: "secret", fetch: send });
  expect(transport.targets).toBe(2);
  expect(await transport.send(1, new Uint8Array([1, 2]), never, 2)).toEqual(new Uint8Array([9, 8]));
  expect(requests[0].url).toBe("https://b.example/base/v1/internal/crops");
  expect(requests[0].headers.get("authorization")).toBe("Bearer secret");
  expect(requests[0].redirect).toBe("manual");
  expect(new Uint8Array(await requests[0].arrayBuffer())).toEqual(new Uint8Array([1, 2]));
  await transport.send(0, new Uint8Array([1]), never, 2);
  expect(requests[1].url).toBe("http://a.example/v1/internal/crops");
});

test.each([301, 401, 403, 404, 500, 503])("status %i is a failure", async (status) => {
  const { send } = recorder(() => new Response("secret words", { status }));
  await expect(
    httpsTransport({ urls, token: undefined, fetch: send }).send(0, new Uint8Array(), never, 2),
  ).rejects.toThrow(`status ${status}`);
});

/** 400 MiB in pieces, made as they are asked for; tells how many were, and whether the rest was called off. */
function endless(headers: Record<string, string> = {}) {
  const state = { pieces: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.pieces++ === 400) controller.close();
        else controller.enqueue(new Uint8Array(1024 * 1024));
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { state, response: () => new Response(body, { headers }) };
}

test.each([
  ["by its bytes", {}, 3],
  ["by its length, before it is read", { "content-length": String(400 * 1024 * 1024) }, 0],
  ["by its bytes, though its length says less", { "content-length": "10" }, 3],
])("an answer larger than a map is refused %s", async (_, headers, pieces) => {
  const { state, response } = endless(headers);
  const transport = httpsTransport({ urls, token: undefined, fetch: recorder(response).send });
  const sent = transport.send(0, new Uint8Array(), never, 2.5 * 1024 * 1024);
  await expect(sent).rejects.toMatchObject({ code: "invalid-request" });
  expect(state).toEqual({ pieces, cancelled: true });
});

test("the largest map of a header that is as long as it may be is read whole", async () => {
  const bytes = new Uint8Array(mostMapBytes(6, [2, 5])).fill(7);
  expect(bytes.length).toBe(8 + 1024 + 2 * 3 * 6 * 4);
  const { send } = recorder(() => new Response(bytes));
  const transport = httpsTransport({ urls, token: undefined, fetch: send });
  expect(await transport.send(0, new Uint8Array(), never, bytes.length)).toEqual(bytes);
});
