/**
 * @module
 * Sending an image until it is answered, or until another try cannot help.
 */
import type { Segmentation } from "../../contract/answer.ts";
import { ConnectionError, type ErrorCode, ProblemError, type SegmentationError } from "./errors.ts";
import type { Connection } from "./http.ts";
import type { KeptUpload } from "./kept-upload.ts";
import type { ServiceEvent } from "./read-answer.ts";
import { retryDelay } from "./retry.ts";
import { type Shipment, sendDirect, type UploadingEvent } from "./send-direct.ts";
import { resumableUpload } from "./send-resumable.ts";
import { waitToRetry } from "./wait-to-retry.ts";

/** `auto`: all at once, and tile by tile after a connection broke. */
export type UploadMode = "direct" | "resumable" | "auto";

/** For uploads that outlive the program. */
export type UploadKeeping = {
  /** What an earlier run's `uploading` event gave as `kept`: what has arrived of this image is not sent again. */
  resume?: KeptUpload | undefined;
  /** Leaves an unfinished upload at the service when the run fails or is aborted, until it expires; default false. */
  keepUpload?: boolean | undefined;
};

/** A failure after which the client tries again. */
export type RetryEvent = {
  event: "retry";
  data: {
    error: SegmentationError;
    /** 1 for the first further try in a row. */
    attempt: number;
    delayMs: number;
    /** What is tried then: to ask for the model, or to send the image in one of the two ways. */
    next: "model" | "direct" | "resumable";
  };
};

/** What there is to tell while an image is sent and judged. */
export type SendEvent = UploadingEvent | ServiceEvent | RetryEvent;

/**
 * @param options.retries further tries in a row without progress; tiles that arrive in between are progress
 * @throws ProblemError, ConnectionError, or the signal's reason
 */
export async function* send(
  shipment: Shipment,
  connection: Connection,
  options: { upload: UploadMode; retries: number } & UploadKeeping,
): AsyncGenerator<SendEvent, Segmentation, void> {
  const resumable = resumableUpload(shipment, connection, options.resume);
  const goesOn = options.upload === "auto" && options.resume !== undefined;
  let upload: "direct" | "resumable" = options.upload === "resumable" || goesOn ? "resumable" : "direct";
  let auto = options.upload === "auto";
  let finished = false;
  let failures = 0;
  let most = 0;
  let ticket: string | undefined;
  try {
    for (;;) {
      try {
        const answer = yield* upload === "direct" ? sendDirect(shipment, connection, ticket) : resumable.send(ticket);
        // The service keeps the tiles of a partial answer for another run.
        finished = answer.status === "complete";
        return answer;
      } catch (error) {
        if (!(error instanceof ProblemError || error instanceof ConnectionError)) throw error;
        if (error instanceof ProblemError) ticket = error.ticket ?? ticket;
        if (resumable.arrived() > most) failures = 0;
        most = Math.max(most, resumable.arrived());
        let delayMs = retryDelay(error, failures);
        if (upload === "direct") {
          if (error.accepted) throw error;
          if (auto && BAD_NETWORK.includes(error.code)) upload = "resumable";
        } else if (auto && hasNoUploads(error)) {
          auto = false;
          upload = "direct";
          delayMs = 0;
        }
        if (delayMs === undefined || failures >= options.retries) throw error;
        failures++;
        yield { event: "retry", data: { error, attempt: failures, delayMs, next: upload } };
        await waitToRetry(error, delayMs, connection);
      }
    }
  } finally {
    if (!finished && !options.keepUpload) void resumable.discard();
  }
}

/** Codes of a connection that broke or stalled. */
const BAD_NETWORK: readonly ErrorCode[] = ["connection-lost", "too-slow"];

/** Answers of a service without uploads. */
const NO_UPLOADS: readonly ErrorCode[] = ["uploads-unavailable", "not-found", "method-not-allowed"];
const hasNoUploads = ({ code }: SegmentationError): boolean => NO_UPLOADS.includes(code);
