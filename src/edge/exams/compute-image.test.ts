import { expect, test } from "vitest";
import { TurnedAway } from "../admission/turned-away.ts";
import { startDeadline } from "../api/deadline.ts";
import type { Services } from "../api/services.ts";
import { computeImage, type Tickets, type Try } from "./compute-image.ts";
import { openRecord, withImage } from "./exam-record.ts";

const bytes = new Uint8Array();

test("a try that was turned away comes back with the ticket of the gate that refused it", async () => {
  const opening = { object: "o", reference: "r", fingerprint: "f", endsAt: 1e15, ttlMs: 1e9, images: 1 };
  const record = withImage(
    openRecord({ ...opening, caller: bytes, service: bytes, plan: bytes }, 0),
    0,
    { state: "queued" },
    0,
  );
  const seen: (string | undefined)[] = [];
  const tickets: Tickets = {};
  const work = {
    exam: { object: "o", reference: "r", images: [{ upload: "u" }] },
    image: 0,
    store: { record: () => record, settle: () => {} },
    flush: async () => {},
    services: {
      examTurns: {
        enter: async (_signal: AbortSignal, ticket: string | undefined) => {
          seen.push(ticket);
          throw new TurnedAway(1, `ticket ${seen.length}`);
        },
      },
    } as unknown as Services,
    deadline: startDeadline(1000),
    tickets,
  } as unknown as Try;
  await computeImage(work);
  await computeImage(work);
  work.deadline.clear();
  expect(seen).toEqual([undefined, "ticket 1"]);
  expect(tickets).toEqual({ turn: "ticket 2" });
});
