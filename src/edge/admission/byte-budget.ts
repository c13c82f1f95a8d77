/**
 * @module
 * How many bytes of uploads one isolate holds at once, over all its requests. Like the gate, it gets back what a
 * cancelled request never gave back.
 */
import { GlamError } from "../../glam/problem.ts";

/** One request's share. */
export type ByteShare = {
  /** @throws GlamError `busy` when the isolate holds too much already */
  reserve(bytes: number): void;
  release(): void;
};

/** See {@link createByteBudget}. */
export type ByteBudget = { open(): ByteShare };

/**
 * @param bytes most that all shares may hold together
 * @param leaseMs a share older than this is taken back
 */
export function createByteBudget(bytes: number, leaseMs: number, now: () => number = Date.now): ByteBudget {
  const shares = new Map<ByteShare, { held: number; ends: number }>();
  return {
    open() {
      const state = { held: 0, ends: now() + leaseMs };
      const share: ByteShare = {
        reserve(more) {
          let held = more;
          for (const [other, { held: theirs, ends }] of shares) {
            if (ends <= now()) shares.delete(other);
            else held += theirs;
          }
          if (held > bytes) {
            throw new GlamError("busy", "This server is receiving other images. Try again in a few seconds.", {
              retryAfter: 5,
            });
          }
          state.held += more;
        },
        release: () => void shares.delete(share),
      };
      shares.set(share, state);
      return share;
    },
  };
}

/** Hands blocks on, each reserved before it is kept. */
export async function* counted(blocks: AsyncIterable<Uint8Array>, share: ByteShare): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) {
    share.reserve(block.byteLength);
    yield block;
  }
}
