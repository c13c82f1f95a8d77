/**
 * @module
 * One segmentation over HTTP: a form out, typed events in. Needs only fetch, FormData and streams.
 */
import { EventSourceParserStream } from "eventsource-parser/stream";
import {
  type Problem,
  problemSchema,
  type SegmentationEvent,
  type SegmentationRequestInput,
  segmentationEventSchema,
} from "../api/schemas.ts";

/** One compressed tile and its place in the grid. */
export type EncodedTile = {
  row: number;
  col: number;
  bytes: Uint8Array<ArrayBuffer>;
  type: "image/jpeg" | "image/png";
};

/** Where to send a form, and how long to wait. */
export type SendOptions = { url: string | URL; apiKey?: string; signal?: AbortSignal; fetch?: typeof fetch };

/** The service answered with a problem document. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The multipart form of `POST /v1/segmentations`. */
export function segmentationForm(request: SegmentationRequestInput, tiles: readonly EncodedTile[]): FormData {
  const form = new FormData();
  form.set("request", new Blob([JSON.stringify(request)], { type: "application/json" }));
  for (const { row, col, bytes, type } of tiles) form.set(`tile-${row}-${col}`, new Blob([bytes], { type }));
  return form;
}

/**
 * Sends a form and yields what the service knows as soon as it knows it; the last event is `result`.
 * @throws ProblemError when the service refuses the form or gives up; TypeError when it cannot be reached
 */
export async function* streamSegmentation(
  form: FormData,
  options: SendOptions,
): AsyncGenerator<Exclude<SegmentationEvent, { event: "problem" }>, void, void> {
  const response = await (options.fetch ?? fetch)(new URL("/v1/segmentations", options.url), {
    method: "POST",
    body: form,
    headers: {
      accept: "text/event-stream",
      ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
    },
    signal: options.signal ?? null,
  });
  if (!response.ok || response.body === null) throw new ProblemError(problemSchema.parse(await response.json()));
  const messages = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  let finished = false;
  for await (const message of messages) {
    const event = segmentationEventSchema.parse({ event: message.event, data: JSON.parse(message.data) });
    if (event.event === "problem") throw new ProblemError(event.data);
    finished = event.event === "result";
    yield event;
  }
  if (!finished) throw new TypeError("The stream ended before the result.");
}
