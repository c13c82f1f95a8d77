/**
 * @module
 * What `POST` of a segmentation answers: an event stream as it comes, the same stream as one text where `fetch` gives bodies
 * as a whole (React Native), or the answer as JSON.
 */
import { createParser } from "eventsource-parser";
import type { Segmentation } from "../../contract/answer.ts";
import type { SegmentationEvent } from "../../contract/events.ts";
import { asEvent, asSegmentation, parseJson } from "./answer-check.ts";
import { ConnectionError, ProblemError } from "./errors.ts";
import { type Connection, readText } from "./http.ts";
import { within } from "./within.ts";

/**
 * The service writes something every 3 seconds, but not while it computes in the thread that writes; this much silence is a
 * dead connection.
 */
const SILENCE_MS = 120_000;

/** Longer than any deadline of a service, for an answer without signs of life. */
const WHOLE_ANSWER_MS = 660_000;

/** What the service tells before its answer. */
export type ServiceEvent = Extract<SegmentationEvent, { event: "accepted" | "global" | "region" }>;

/** Whether answers come in pieces here. Some of React Native's `fetch` do not, and say so by having no `body`. */
const canStream = (connection: Connection): boolean =>
  typeof TextDecoder === "function" &&
  (connection.fetch !== undefined || (typeof Response === "function" && "body" in Response.prototype));

/** The header `accept` of a segmentation. */
export const acceptOf = (connection: Connection): string =>
  canStream(connection) ? "text/event-stream, application/problem+json" : "application/json";

/**
 * Yields events as they come and returns the answer.
 * @throws ProblemError of an event `problem`, ConnectionError, or the signal's reason
 */
export async function* readAnswer(
  response: Response,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServiceEvent, Segmentation, void> {
  if (!/^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "")) {
    return asSegmentation(parseJson(await within(WHOLE_ANSWER_MS, signal, () => readText(response))));
  }
  let accepted = false;
  try {
    for await (const event of parseEvents(textOf(response, signal))) {
      if (event.event === "problem") throw new ProblemError(event.data);
      if (event.event === "result") return event.data;
      accepted = true;
      yield event;
    }
    throw new ConnectionError("connection-lost", "The connection ended before the answer. Ask again.");
  } catch (error) {
    if (error instanceof ProblemError || error instanceof ConnectionError) error.accepted = accepted;
    throw error;
  }
}

/** The known events in a text that comes in pieces. */
async function* parseEvents(pieces: AsyncIterable<string>): AsyncGenerator<SegmentationEvent, void, void> {
  const found: SegmentationEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const known = asEvent(event, data);
      if (known) found.push(known);
    },
  });
  for await (const piece of pieces) {
    parser.feed(piece);
    yield* found.splice(0);
  }
}

/** The body's text in the pieces in which it comes; ends the connection when reading stops. */
async function* textOf(response: Response, signal: AbortSignal | undefined): AsyncGenerator<string, void, void> {
  if (!response.body) {
    yield await within(WHOLE_ANSWER_MS, signal, () => readText(response));
    return;
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await within(SILENCE_MS, signal, () => reader.read().catch(broken));
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

const broken = (cause: unknown): never => {
  throw new ConnectionError("connection-lost", "The connection broke while the answer came. Ask again.", { cause });
};
