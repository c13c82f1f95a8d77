/**
 * @module
 * `POST /v1/segmentations`.
 */

import { type Deadline, startDeadline } from "../deadline.ts";
import { eventStream } from "../event-stream.ts";
import { describeError } from "../problem-document.ts";
import type { Segmentation, SegmentationEvent } from "../schemas.ts";
import { type SoundEvent, segmentationEvents } from "../segmentation.ts";
import type { Services } from "../services.ts";
import { type App, keepAlive } from "./context.ts";

/** Adds the route. Its body is not validated by the framework, which would read all of it into memory first. */
export function segmentationRoute(app: App): void {
  app.post("/v1/segmentations", async (c) => {
    const { services } = c.var;
    const deadline = startDeadline(services.settings.DEADLINE_MS, c.req.raw.signal);
    const events = segmentationEvents(c.req.raw, services, deadline, (work) => keepAlive(c, work));
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
    const { response, done } = eventStream(withProblem(await first, events, services, deadline), () =>
      deadline.abort(),
    );
    keepAlive(c, done);
    return response;
  });
}

/** Whether the caller asks for a stream. */
const wantsEvents = (accept: string | undefined): boolean =>
  (accept ?? "").split(",").some((type) => /^text\/event-stream\s*(?:;|$)/i.test(type.trim()));

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
