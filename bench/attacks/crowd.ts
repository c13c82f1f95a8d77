/**
 * @module
 * More callers than can be served: how evenly they are answered.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ticketHeader } from "../../src/contract/ticket.ts";

/**
 * Lets callers ask again and again until it is over; a refused caller comes back after its `Retry-After`.
 * @param ask one request; the headers are those that go with it
 * @param over asked before each request, with the answers so far
 * @returns answers of each caller, and how many requests were refused
 */
export async function crowd(
  ask: (headers: Record<string, string>) => Promise<Response>,
  callers: number,
  over: (answers: readonly number[]) => boolean,
): Promise<{ answers: number[]; refusals: number }> {
  const answers = Array<number>(callers).fill(0);
  let refusals = 0;
  async function caller(i: number): Promise<void> {
    let headers: Record<string, string> = {};
    while (!over(answers)) {
      const response = await ask(headers);
      await response.arrayBuffer();
      const ticket = response.headers.get(ticketHeader);
      if (response.status === 200) {
        answers[i]++;
        headers = {};
      } else {
        refusals++;
        if (ticket !== null) headers = { [ticketHeader]: ticket };
        await sleep(1000 * Number(response.headers.get("retry-after") ?? 1));
      }
    }
  }
  await Promise.all(answers.map((_, i) => caller(i)));
  return { answers, refusals };
}

/** Jain's index: 1 when all have the same, 1/n when one has everything. */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((a, b) => a + b, 0);
  const squares = shares.reduce((a, b) => a + b ** 2, 0);
  return squares === 0 ? 0 : sum ** 2 / (shares.length * squares);
}
