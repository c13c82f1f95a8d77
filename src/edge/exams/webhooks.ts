/**
 * @module
 * Webhooks by Standard Webhooks 1.0: signed, with one identifier over all tries, later and later, and not for ever.
 */
import { Webhook } from "standardwebhooks";
import type { ExamState, ExamWebhook } from "../../contract/exam.ts";

/** One message to be sent; times in milliseconds since the epoch. */
export type Hook = {
  id: string;
  /** Name of the exam's object. */
  object: string;
  /** Of the exam, openly. */
  reference: string;
  state: ExamState;
  /** When it happened. */
  at: number;
  tries: number;
  due: number;
  /** Where it goes, sealed for the service. */
  url: Uint8Array<ArrayBuffer>;
};

/** Pauses after the first, the second try and so on; after the last one the message is given up. */
const PAUSES_MS = [5, 30, 120, 600, 1800, 3600, 7200].map((seconds) => seconds * 1000);

/** A receiver that takes longer has not received. */
const RECEIVE_MS = 15_000;

/** A message about an exam, due at once. */
export const makeHook = (exam: Pick<Hook, "object" | "reference" | "state" | "url">, now: number): Hook => ({
  ...exam,
  id: `msg_${crypto.randomUUID().replaceAll("-", "")}`,
  at: now,
  tries: 0,
  due: now,
});

/** The body, the same in every try. */
export function hookBody({ state, at, reference }: Hook): string {
  const body: ExamWebhook = {
    type: `exam.${state}` as ExamWebhook["type"],
    timestamp: new Date(at).toISOString(),
    data: { id: reference, state },
  };
  return JSON.stringify(body);
}

/**
 * Sends a message once.
 * @param secrets `whsec_...`; each one signs, so that receivers know the message by an old or by a new one
 * @returns the message to be sent later; undefined when it was received, is not wanted, or was tried often enough
 */
export async function sendHook(
  hook: Hook,
  url: URL,
  secrets: readonly string[],
  now: () => number = Date.now,
): Promise<Hook | undefined> {
  const body = hookBody(hook);
  const at = new Date(now());
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "webhook-id": hook.id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(hook.id, at, body)).join(" "),
    },
    // It would lead to where nobody has allowed it to go.
    redirect: "manual",
    signal: AbortSignal.timeout(RECEIVE_MS),
  }).catch(() => undefined);
  await response?.body?.cancel().catch(() => {});
  // 410: the receiver wants no more.
  if (response?.ok || response?.status === 410) return undefined;
  const pause = PAUSES_MS[hook.tries];
  return pause === undefined ? undefined : { ...hook, tries: hook.tries + 1, due: now() + pause };
}
