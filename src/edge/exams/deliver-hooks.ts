/**
 * @module
 * The webhooks of one exam that are due, each stored anew or dropped after its try.
 */
import { type Env, isolateServices } from "../isolate.ts";
import type { ExamStore } from "./exam-store.ts";
import { sealOfService } from "./service-access.ts";
import { allowedAddress } from "./webhook-address.ts";
import { type Hook, sendHook } from "./webhooks.ts";

/** Sends what is due now. */
export async function deliverHooks(env: Env, store: ExamStore): Promise<void> {
  for (const hook of store.hooks().filter(({ due }) => due <= Date.now())) {
    const left = await deliver(env, hook);
    if (left) store.putHook(left);
    else store.dropHook(hook.id);
  }
}

/** @returns the message to be sent later, if any */
async function deliver(env: Env, hook: Hook): Promise<Hook | undefined> {
  const { WEBHOOK_HOSTS, WEBHOOK_SECRETS } = isolateServices(env).settings;
  const text = new TextDecoder().decode(await (await sealOfService(env, hook.object)).open(hook.url, "webhook"));
  // The operator may have taken the host off the list.
  const url = allowedAddress(text, WEBHOOK_HOSTS);
  return url && sendHook(hook, url, WEBHOOK_SECRETS);
}
