/**
 * @module
 * One image of an exam through the same gate, ledger and fan-out as a request, and what its failure means.
 */
import type { Segmentation } from "../../contract/index.ts";
import { GlamError } from "../../glam/problem.ts";
import type { Deadline } from "../api/deadline.ts";
import type { Services } from "../api/services.ts";
import { isFinal, uploadEvents } from "../api/upload-events.ts";
import type { UploadSessions } from "../uploads/upload-sessions.ts";

/** What is computed, with what. */
export type ImageWork = {
  upload: string;
  /** Name of the exam's object. */
  exam: string;
  sessions: UploadSessions;
  services: Services;
  deadline: Deadline;
  /** Of an earlier refusal. */
  ticket: string | undefined;
  /** Told when there is a place and computing begins. */
  begun: () => Promise<void>;
};

/** @throws whatever `uploadEvents` throws */
export async function segmentImage(work: ImageWork): Promise<Segmentation> {
  const { upload, exam, sessions, services, deadline, ticket, begun } = work;
  const gate: Services["gate"] = {
    ...services.gate,
    async enter(signal, place) {
      const lease = await services.gate.enter(signal, place);
      try {
        await begun();
        return lease;
      } catch (error) {
        lease.release();
        throw error;
      }
    },
  };
  const source = { ticket, services: { ...services, gate }, deadline, keepAlive: unheard };
  let answer: Segmentation | undefined;
  for await (const event of uploadEvents(upload, sessions, source, exam)) {
    if (event.event === "result") answer = event.data;
  }
  if (answer === undefined) throw new Error("The events ended before the result.");
  return answer;
}

/** An object lives as long as its work. */
const unheard = (work: Promise<unknown>): void => void work.catch(() => {});

/** `later`: others were in the way, which is nobody's failure; `never`: the same tiles would always end like this. */
export type FailureKind = "later" | "again" | "never";

/** @param begun whether computing had begun */
export function kindOfFailure(error: unknown, begun: boolean): FailureKind {
  if (isFinal(error)) return "never";
  if (!(error instanceof GlamError)) return "again";
  return error.code === "busy" || (!begun && error.code === "deadline-exceeded") ? "later" : "again";
}
