/**
 * @module
 * `POST /v1/segmentations`.
 */

import { ticketHeader } from "../../../contract/ticket.ts";
import { startDeadline } from "../deadline.ts";
import { receiveForm } from "../receive-form.ts";
import { segmentationEvents } from "../segmentation.ts";
import { answerEvents } from "./answer-events.ts";
import { type App, keepAlive } from "./context.ts";

/** Adds the route. Its body is not validated by the framework, which would read all of it into memory first. */
export function segmentationRoute(app: App): void {
  app.post("/v1/segmentations", (c) => {
    const { services } = c.var;
    const deadline = startDeadline(services.settings.DEADLINE_MS, c.req.raw.signal);
    const events = segmentationEvents({
      receive: (share) => receiveForm(c.req.raw, services, share, deadline.signal),
      ticket: c.req.header(ticketHeader),
      services,
      deadline,
      keepAlive: (work) => keepAlive(c, work),
    });
    return answerEvents(c, events, deadline);
  });
}
