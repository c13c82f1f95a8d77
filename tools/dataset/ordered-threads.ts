/**
 * @module
 * The same work on many requests by several threads, answers in the order of the requests.
 */
import { startThread, type Thread } from "./thread.ts";

/**
 * Threads take turns, and each has one request at a time; one more is taken from `requests` while all are busy. A thread starts with
 * its first request. All of them have ended when this returns, throws, or is left early.
 * @param url module that posts one answer to its `parentPort` for each message from it
 * @param workers most threads at once, 1 or more
 * @param requests values that can be cloned; they are not transferred
 * @throws what a thread threw, instead of its answer; Error when it ends without one; what `requests` throws
 */
export async function* orderedThreads<Request, Answer>(
  url: URL,
  workers: number,
  requests: Iterable<Request> | AsyncIterable<Request>,
): AsyncGenerator<Answer> {
  /** The one that was asked first is first. */
  const busy: { thread: Thread<Request, Answer>; answer: Promise<Answer> }[] = [];
  try {
    for await (const request of requests) {
      if (busy.length < workers) {
        const thread = startThread<Request, Answer>(url);
        busy.push({ thread, answer: thread.ask(request) });
        continue;
      }
      const { thread, answer } = busy[0];
      const ready = await answer;
      busy.shift();
      busy.push({ thread, answer: thread.ask(request) });
      yield ready;
    }
    for (const { answer } of busy) yield await answer;
  } finally {
    await Promise.all(busy.map(({ thread }) => thread.terminate()));
  }
}

/**
 * The same in this thread when there is one worker, and in threads when there are more.
 * @param work what the module does with a request
 */
export async function* inOrder<Request, Answer>(
  work: (request: Request) => Answer | Promise<Answer>,
  url: URL,
  workers: number,
  requests: Iterable<Request> | AsyncIterable<Request>,
): AsyncGenerator<Answer> {
  if (workers > 1) return yield* orderedThreads<Request, Answer>(url, workers, requests);
  for await (const request of requests) yield await work(request);
}
