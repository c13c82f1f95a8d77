import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { orderedThreads } from "./ordered-threads.ts";

/** A thread's module whose `answer(request)` is the body that is given. */
const threadOf = (body: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort } from "node:worker_threads";
      parentPort.on("message", async (request) => parentPort.postMessage(await answer(request)));
      async function answer(request) { ${body} }`,
    )}`,
  );

/** Answers until the end, or until a thread fails. */
async function collect(url: URL, workers: number, requests: Iterable<unknown> | AsyncIterable<unknown>) {
  const answers: unknown[] = [];
  const failure = await (async () => {
    for await (const answer of orderedThreads(url, workers, requests)) answers.push(answer);
  })().catch((error: unknown) => error);
  return { answers, failure };
}

describe("orderedThreads", () => {
  it("answers in the order of the requests, though the first thread is slow, and runs no further ahead than told", async () => {
    const slowThird = threadOf(
      "await new Promise((done) => setTimeout(done, request % 3 === 0 ? 40 : 0)); return 10 * request;",
    );
    let [taken, answered, ahead] = [0, 0, 0];
    const requests = async function* () {
      for (; taken < 8; taken++) {
        ahead = Math.max(ahead, taken + 1 - answered);
        yield taken;
      }
    };
    const answers: number[] = [];
    for await (const answer of orderedThreads<number, number>(slowThird, 3, requests())) {
      answered++;
      answers.push(answer);
    }
    expect(answers).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
    expect(ahead).toBe(4);
  });

  it("is done with fewer requests than threads, or none", async () => {
    const same = threadOf("return request;");
    expect(await collect(same, 4, [1, 2])).toEqual({ answers: [1, 2], failure: undefined });
    expect(await collect(same, 4, [])).toEqual({ answers: [], failure: undefined });
  });

  it.each([
    ["throws", "throw new RangeError('no room')", { name: "RangeError", message: "no room" }],
    ["ends", "process.exit(3)", { message: "A thread ended with code 3 before it answered." }],
  ])("rejects when a thread %s, after the answers before it", async (_, failing, expected) => {
    const url = threadOf(`if (request === 3) ${failing}; return request;`);
    const { answers, failure } = await collect(url, 2, [0, 1, 2, 3, 4, 5]);
    expect(failure).toMatchObject(expected);
    expect(answers).toEqual([0, 1, 2]);
  });

  it("rejects when a thread does not start, and when the requests fail", async () => {
    const missing = await collect(new URL("./no-such-thread.ts", import.meta.url), 2, [1, 2, 3]);
    expect(missing.failure).toMatchObject({ message: expect.stringContaining("Cannot find module") });
    const requests = async function* () {
      yield 1;
      throw new Error("no film");
    };
    expect((await collect(threadOf("return request;"), 2, requests())).failure).toMatchObject({ message: "no film" });
  });

  it("ends its threads and the requests when it is left early", async () => {
    const beats = new Int32Array(new SharedArrayBuffer(4));
    const url = threadOf("setInterval(() => Atomics.add(request, 0, 1), 1); return 'started';");
    let closed = false;
    const requests = function* () {
      try {
        for (;;) yield beats;
      } finally {
        closed = true;
      }
    };
    for await (const answer of orderedThreads(url, 2, requests())) {
      expect(answer).toBe("started");
      while (Atomics.load(beats, 0) === 0) await sleep(1);
      break;
    }
    expect(closed).toBe(true);
    const last = Atomics.load(beats, 0);
    await sleep(50);
    expect(Atomics.load(beats, 0)).toBe(last);
  });
});
