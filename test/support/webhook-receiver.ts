/**
 * @module
 * Receives webhooks in place of the world outside.
 */
import { Webhook } from "standardwebhooks";
import { type ExamWebhook, examWebhookSchema } from "../../src/contract/index.ts";
import type { BareOptions } from "./bare-worker.ts";

/** A message as it came: its identifier, all that it says, everything of it as text. */
export type ReceivedHook = { id: string; message: ExamWebhook; text: string };

/** The host that it stands for, and a secret to sign with. */
export const hookHost = "hooks.example.org";
export const hookSecret = `whsec_${btoa("a secret for tests and benchmarks")}`;

/** @param refuse whether to answer 503 to this delivery, counted from 0 */
export function webhookReceiver(refuse: (delivery: number) => boolean = () => false) {
  const received: ReceivedHook[] = [];
  let deliveries = 0;
  const outside: NonNullable<BareOptions["outside"]> = async (request) => {
    if (new URL(request.url).host !== hookHost) throw new Error("The Worker asks for something else.");
    if (refuse(deliveries++)) return new Response(null, { status: 503 });
    const body = await request.text();
    const headers = Object.fromEntries(request.headers);
    const message = examWebhookSchema.parse(new Webhook(hookSecret).verify(body, headers));
    received.push({ id: headers["webhook-id"], message, text: `${JSON.stringify(headers)}\n${body}` });
    return new Response(null, { status: 204 });
  };
  return { received, outside };
}
