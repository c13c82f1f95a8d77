/**
 * @module
 * A body that must keep a pace, so that a sender that pauses does not hold a place for ever.
 */
import { createPace } from "../../src/edge/admission/pace.ts";
import { GlamError } from "../../src/glam/problem.ts";

/** How far a body may fall behind, in milliseconds, and behind what. */
export type Pace = { graceMs: number; bytesPerMs: number };

/** Senders are on the same machine. */
export const LOCAL_PACE: Pace = { graceMs: 10_000, bytesPerMs: 1024 };

/**
 * The same bytes. Only the time that is spent waiting for them counts.
 * @throws GlamError `too-slow`, from the stream
 */
export function paced(
  body: ReadableStream<Uint8Array>,
  { graceMs, bytesPerMs }: Pace,
  now: () => number = () => performance.now(),
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const pace = createPace(1000 * bytesPerMs, graceMs, 0);
  let waitedMs = 0;
  return new ReadableStream({
    async pull(controller) {
      const began = now();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(tooSlow()), -pace.lateMs(waitedMs));
      });
      try {
        const { done, value } = await Promise.race([reader.read(), late]);
        if (done) return controller.close();
        waitedMs += now() - began;
        pace.arrived(value.length, waitedMs);
        if (pace.lateMs(waitedMs) >= 0) throw tooSlow();
        controller.enqueue(value);
      } catch (error) {
        reader.cancel().catch(() => {});
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

const tooSlow = (): GlamError => new GlamError("too-slow", "The body came too slowly and was dropped.");
