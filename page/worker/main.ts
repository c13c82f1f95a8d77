/**
 * @module
 * The page's web worker: reads files, makes phantoms, preprocesses, encodes, sends.
 */
import { failureOf } from "./failure.ts";
import type { Call, Calls, EventOf, Reply } from "./protocol.ts";
import { work } from "./slots.ts";

const say = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

type Tell = (event: EventOf<keyof Calls>) => void;

/** Runs a call of any kind. */
const run = ({ kind, argument }: Call, tell: Tell): Promise<Calls[keyof Calls][1]> =>
  (work[kind] as (argument: unknown, tell: Tell) => Promise<Calls[keyof Calls][1]>)(argument, tell);

self.addEventListener("message", async ({ data: call }: MessageEvent<Call>) => {
  const { id } = call;
  try {
    const value = await run(call, (event) => say({ id, type: "event", event }));
    say({ id, type: "result", value });
  } catch (error) {
    say({ id, type: "failure", failure: failureOf(error) });
  }
});
