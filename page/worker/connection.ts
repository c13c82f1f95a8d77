/**
 * @module
 * The page's side of its web worker.
 */
import type { Calls, EventOf, Failure, Reply } from "./protocol.ts";

/** A call failed, there or on the way to the service. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.failure = failure;
  }
}

type Waiting = {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  tell?: (event: EventOf<keyof Calls>) => void;
};

/** Calls the worker. @throws CallFailed */
export type Ask = <K extends keyof Calls>(
  kind: K,
  argument: Calls[K][0],
  options?: { tell?: (event: EventOf<K>) => void; transfer?: Transferable[] },
) => Promise<Calls[K][1]>;

/** Starts the worker. @param url its script */
export function connectWorker(url: string): Ask {
  const worker = new Worker(url, { type: "module" });
  const waiting = new Map<number, Waiting>();
  let last = 0;

  worker.addEventListener("message", ({ data: reply }: MessageEvent<Reply>) => {
    const call = waiting.get(reply.id);
    if (reply.type === "event") return call?.tell?.(reply.event);
    waiting.delete(reply.id);
    if (reply.type === "result") call?.resolve(reply.value);
    else call?.reject(new CallFailed(reply.failure));
  });
  worker.addEventListener("error", () => {
    const failure: Failure = { code: "internal-error", detail: "The page's worker stopped. Reload the page." };
    for (const call of waiting.values()) call.reject(new CallFailed(failure));
    waiting.clear();
  });

  return (kind, argument, options = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, {
        resolve: (value) => resolve(value as Calls[typeof kind][1]),
        reject,
        ...(options.tell === undefined ? {} : { tell: options.tell as Waiting["tell"] & {} }),
      });
      worker.postMessage({ id: last, kind, argument }, options.transfer ?? []);
    });
}
