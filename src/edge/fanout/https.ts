/**
 * @module
 * Transport `https`: crops run in other deployments, or in other workerd processes of this machine.
 */
import { concatenate } from "../../bytes/concatenate.ts";
import { GlamError } from "../../glam/problem.ts";
import type { Transport } from "./transport.ts";

/** Where a deployment takes crops. */
export const cropsPath = "/v1/internal/crops";

/** Base URLs and the secret that they share; `fetch` for tests. */
export type HttpsOptions = { urls: readonly string[]; token: string | undefined; fetch?: typeof fetch };

/** A transport over several base URLs, used in turn. */
export function httpsTransport({ urls, token, fetch: send = fetch }: HttpsOptions): Transport {
  return {
    name: "https",
    targets: urls.length,
    async send(target, message, signal, maxBytes) {
      const response = await send(`${urls[target].replace(/\/+$/, "")}${cropsPath}`, {
        method: "POST",
        body: message,
        headers: {
          "content-type": "application/octet-stream",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        // The secret must not follow a redirect to somewhere else.
        redirect: "manual",
        signal,
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error(`status ${response.status}`);
      }
      return readAtMost(response, maxBytes);
    },
  };
}

/**
 * Reads an answer as it comes and stops at the first byte too many: the other side is not trusted.
 * @throws GlamError `invalid-request`, which names the failure of a crop
 */
async function readAtMost({ body, headers }: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let room = Number(headers.get("content-length")) > maxBytes ? -1 : maxBytes;
  const reader = body?.getReader();
  while (room >= 0) {
    const piece = await reader?.read();
    if (piece?.value === undefined) return concatenate(parts);
    room -= piece.value.byteLength;
    parts.push(piece.value);
  }
  await reader?.cancel();
  throw new GlamError("invalid-request", `An answer to a crop has ${maxBytes} bytes at most.`);
}
