/**
 * @module
 * A segmentation's events as the HTTP answer that the caller asked for: the result as JSON, or all of them as a stream.
 */
import type { Context } from "hono";
import type { Segmentation, SegmentationEvent } from "../../../contract/index.ts";
import { wantsEvents } from "../accept.ts";
import type { SoundEvent } from "../compute.ts";
import type { Deadline } from "../deadline.ts";
import { eventStream } from "../event-stream.ts";
import { describeError } from "../problem-document.ts";
import type { Services } from "../services.ts";
import { type AppEnv, keepAlive } from "./context.ts";

/**
 * Answers with the events, and ends the deadline when they have ended.
 * @throws whatever comes before the first event: until then there is still a status to answer with
 */
export async function answerEvents(
  c: Context<AppEnv>,
  events: AsyncGenerator<SoundEvent, void, void>,
  deadline: Deadline,
): Promise<Response> {
  if (!wantsEvents(c.req.header("accept"))) {
    const work = lastEvent(events).finally(() => deadline.clear());
    keepAlive(c, work);
    return c.json(await work, 200, { "cache-control": "no-store" });
  }
  const first = events.next().catch((error: unknown) => {
    deadline.clear();
    throw error;
  });
  keepAlive(c, first);
  const { response, done } = eventStream(withProblem(await first, events, c.var.services, deadline), () =>
    deadline.abort(),
  );
  keepAlive(c, done);
  return response;
}

/** The answer at the end of the events. */
async function lastEvent(events: AsyncIterable<SoundEvent>): Promise<Segmentation> {
  for await (const event of events) if (event.event === "result") return event.data;
  throw new Error("The events ended before the result.");
}

/** The events from the first one on; an error becomes the last one. */
async function* withProblem(
  first: IteratorResult<SoundEvent, void>,
  events: AsyncGenerator<SoundEvent, void, void>,
  services: Services,
  deadline: Deadline,
): AsyncGenerator<SegmentationEvent, void, void> {
  try {
    if (!first.done) yield first.value;
    yield* events;
  } catch (error) {
    yield { event: "problem", data: describeError(error, services.log).problem };
  } finally {
    deadline.clear();
  }
}
