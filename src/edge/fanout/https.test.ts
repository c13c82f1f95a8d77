import { expect, test } from "vitest";
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
  expect(await transport.send(1, new Uint8Array([1, 2]), never)).toEqual(new Uint8Array([9, 8]));
  expect(requests[0].url).toBe("https://b.example/base/v1/internal/crops");
  expect(requests[0].headers.get("authorization")).toBe("Bearer secret");
  expect(requests[0].redirect).toBe("manual");
  expect(new Uint8Array(await requests[0].arrayBuffer())).toEqual(new Uint8Array([1, 2]));
  await transport.send(0, new Uint8Array([1]), never);
  expect(requests[1].url).toBe("http://a.example/v1/internal/crops");
});

test.each([301, 401, 403, 404, 500, 503])("status %i is a failure", async (status) => {
  const { send } = recorder(() => new Response("secret words", { status }));
  await expect(
    httpsTransport({ urls, token: undefined, fetch: send }).send(0, new Uint8Array(), never),
  ).rejects.toThrow(`status ${status}`);
});
