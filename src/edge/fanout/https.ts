/**
 * @module
 * Transport `https`: crops run in other deployments, or in other workerd processes of this machine.
 */
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
    async send(target, message, signal) {
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
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
