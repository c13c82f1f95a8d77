/**
 * @module
 * Events to Server-Sent Events. Events are few and bounded, so they are queued rather than held back: a slow reader must
 * not keep a place in the gate.
 */
/** Name and JSON of one event. */
export type NamedEvent = { event: string; data: unknown };

/**
 * Keeps proxies from closing the stream, and detects a reader that left: a connection that is
 * closed from the other side shows only when something is written to it.
 */
const HEARTBEAT_MS = 3_000;

/**
 * A turn of the event loop. workerd sends what is queued only then, and a network runs without one, so that each event would
 * arrive when the next one happens.
 */
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Streams events; `cancelled` is called when the reader goes away. `done` settles when the source has ended. */
export function eventStream(
  events: AsyncIterable<NamedEvent>,
  cancelled: () => void,
  heartbeatMs: number = HEARTBEAT_MS,
): { response: Response; done: Promise<void> } {
  const encoder = new TextEncoder();
  const ended = Promise.withResolvers<void>();
  let beat: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // Anew from each event on, so that none comes between the last one and the end.
      const startBeat = () => {
        clearInterval(beat);
        // A line that begins with a colon is a comment.
        beat = setInterval(() => controller.enqueue(encoder.encode(":\n\n")), heartbeatMs);
      };
      const pump = async () => {
        startBeat();
        for await (const { event, data } of events) {
          controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
          startBeat();
          await turn();
        }
        clearInterval(beat);
        controller.close();
      };
      // After a cancel nothing can be enqueued; that error is dropped.
      pump().then(ended.resolve, () => ended.resolve());
    },
    cancel() {
      clearInterval(beat);
      cancelled();
    },
  });
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
  return { response: new Response(body, { headers }), done: ended.promise };
}
