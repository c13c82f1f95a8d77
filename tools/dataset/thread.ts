/**
 * @module
 * A thread that answers one request after the other.
 */
import { type Transferable, Worker } from "node:worker_threads";

/**
 * What a thread may keep of short-lived objects. V8 alone lets them grow to about 100 MB in each thread of a long run; images are
 * in buffers outside.
 */
const YOUNG_MB = 12;

export type Thread<Request, Answer> = {
  /**
   * The thread's answer; call it after the answer to the one before.
   * @param transfer what is given away with the request rather than copied
   * @throws what the thread threw; Error when it ended without an answer, also before
   */
  ask(request: Request, transfer?: readonly Transferable[]): Promise<Answer>;
  terminate(): Promise<unknown>;
};

/**
 * @param url module that posts one answer to its `parentPort` for each message from it
 * @param data its `workerData`
 */
export function startThread<Request, Answer>(url: URL, data?: unknown): Thread<Request, Answer> {
  const worker = new Worker(url, { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  const nextAnswer = () => {
    const next = Promise.withResolvers<Answer>();
    // A thread may fail before its turn, or after the last answer that is wanted: no unhandled rejection.
    next.promise.catch(() => undefined);
    return next;
  };
  let next = nextAnswer();
  worker.on("message", (answer: Answer) => {
    next.resolve(answer);
    next = nextAnswer();
  });
  worker.on("error", (error) => next.reject(error));
  worker.on("messageerror", (error) => next.reject(error));
  worker.on("exit", (code) => next.reject(new Error(`A thread ended with code ${code} before it answered.`)));
  return {
    ask: (request, transfer = []) => {
      worker.postMessage(request, transfer);
      return next.promise;
    },
    terminate: () => worker.terminate(),
  };
}
