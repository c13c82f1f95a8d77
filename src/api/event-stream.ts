/**
 * @module
 * Events to Server-Sent Events. Events are few and bounded, so they are queued rather than held back: a slow reader must
 * not keep a place in the gate.
 */
import type { SegmentationEvent } from "./schemas.ts";

/** Streams events; `cancelled` is called when the reader goes away. `done` settles when the source has ended. */
export function eventStream(
  events: AsyncIterable<SegmentationEvent>,
  cancelled: () => void,
): { response: Response; done: Promise<void> } {
  const encoder = new TextEncoder();
  const ended = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const pump = async () => {
        for await (const { event, data } of events) {
          controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
        }
        controller.close();
      };
      // After a cancel nothing can be enqueued; that error has nobody to go to.
      pump().then(ended.resolve, () => ended.resolve());
    },
    cancel: cancelled,
  });
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
  return { response: new Response(body, { headers }), done: ended.promise };
}
