/**
 * @module
 * `POST /v1/internal/crops`: the receiving end of the transport `https`. Closed unless the deployment has the secret.
 */

import { collectBytes } from "../../../bytes/concatenate.ts";
import { GlamError } from "../../../glam/problem.ts";
import { cropsPath } from "../../fanout/https.ts";
import { checkKey } from "../api-key.ts";
import { receiveBlocks } from "../body.ts";
import { startDeadline } from "../deadline.ts";
import type { Services } from "../services.ts";
import { type App, keepAlive } from "./context.ts";

/** Adds the route. */
export function cropRoute(app: App): void {
  app.post(cropsPath, async (c) => {
    const { services } = c.var;
    const token = services.settings.FANOUT_TOKEN;
    if (token === undefined) throw new GlamError("not-found", "This deployment takes no crops.");
    await checkKey(c.req.raw.headers, [token]);
    const work = receiveCrop(c.req.raw, services);
    keepAlive(c, work);
    return c.body(await work, 200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
  });
}

/** Reads the message and segments it. What it holds is counted by the crop's admission from then on. */
async function receiveCrop(raw: Request, services: Services): Promise<ArrayBuffer> {
  const deadline = startDeadline(services.settings.CROP_DEADLINE_MS, raw.signal);
  const share = services.ledger.open();
  try {
    const maxBytes = services.settings.MAX_BODY_MB * 1024 * 1024;
    const { signal } = deadline;
    const message = await collectBytes(receiveBlocks(raw, { receiving: services.receiving, share, maxBytes, signal }));
    share.release();
    const answer = await services.cropService(message, deadline.signal);
    return answer.buffer;
  } finally {
    share.release();
    deadline.clear();
  }
}
