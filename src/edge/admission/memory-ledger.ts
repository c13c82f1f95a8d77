/**
 * @module
 * What one isolate holds at once, counted: linear memory and weights of its networks, and every large buffer of its
 * requests. A platform that runs out of memory kills the isolate with all its requests, so what does not fit is refused
 * before it is computed. Like the gate, it reclaims what a cancelled request never released.
 */
import { GlamError } from "../../glam/problem.ts";
import { elapsed } from "./elapsed.ts";
import { spread } from "./spread.ts";

/** What buffers are for. */
export type BufferKind = "upload" | "decoding" | "canvas" | "input" | "maps" | "crops" | "answer";

/** One request's buffers. */
export type BufferShare = {
  /**
   * Claims the room that the request will need, before it computes; or less, after its largest stage.
   * @param buffers most bytes that it will hold at once
   * @param networks bytes that this isolate's networks will have then
   * @throws GlamError `out-of-memory` when that can never fit, `busy` when other requests are in the way
   */
  plan(buffers: number, networks: number): void;
  /** Says how much of one kind is held from now on; 0 when it is let go. @throws as `plan` */
  hold(kind: BufferKind, bytes: number): void;
  release(): void;
};

/** Bytes now, the most there ever were, and how many there may be; networks and buffers together. */
export type IsolateMemory = { buffers: number; peak: number; limit: number };

/** See {@link createMemoryLedger}. */
export type MemoryLedger = { open(): BufferShare; use(): IsolateMemory };

/** Numbers of a ledger. */
export type LedgerOptions = {
  /** Bytes that networks and buffers may have together. */
  limit: number;
  /** Bytes of bodies that all requests may hold together, of that; see `receiving.ts`. */
  receiving: number;
  /** Bytes that the networks have now. */
  networks: () => number;
  /** A share older than this is taken back. */
  leaseMs: number;
  now?: () => number;
};

/** One request's claims. */
type State = { held: Map<BufferKind, number>; planned: number; networks: number; ends: number };

const sum = (held: Map<BufferKind, number>): number => [...held.values()].reduce((total, bytes) => total + bytes, 0);

/** @example const ledger = createMemoryLedger({ limit: 106 << 20, receiving: 32 << 20, networks: () => memory().bytes, leaseMs: 60_000 }); */
export function createMemoryLedger({
  limit,
  receiving,
  networks,
  leaseMs,
  now = elapsed,
}: LedgerOptions): MemoryLedger {
  const states = new Set<State>();
  let peak = 0;

  const buffers = () => [...states].reduce((total, { held }) => total + sum(held), 0);
  const measure = () => {
    peak = Math.max(peak, networks() + buffers());
  };

  /** Whether a request may have `wanted` bytes beside what others hold or will hold. */
  function assertRoom(own: State, wanted: number, networkBytes = own.networks): void {
    let others = 0;
    let needed = Math.max(networks(), networkBytes);
    for (const state of states) {
      if (state.ends <= now()) states.delete(state);
      else if (state !== own) {
        others += Math.max(state.planned, sum(state.held));
        needed = Math.max(needed, state.networks);
      }
    }
    if (needed + wanted + others <= limit) return;
    if (needed + wanted > limit) {
      const detail =
        `The networks and the buffers of this request need ${needed + wanted} bytes; ${limit} are allowed here. Send 8-bit ` +
        "tiles or ask for fewer regions; the operator can let crops run elsewhere (FANOUT) or raise ISOLATE_LIMIT_MB.";
      throw new GlamError("out-of-memory", detail);
    }
    throw new GlamError("busy", "This server holds other images. Try again in a few seconds.", {
      retryAfter: spread(2, 8),
    });
  }

  /** Whether one request's body may have `wanted` bytes beside those of the others. Expired requests are dropped before. */
  function assertReceiving(own: State, wanted: number): void {
    let held = wanted;
    for (const state of states) if (state !== own) held += state.held.get("upload") ?? 0;
    if (held <= receiving) return;
    throw new GlamError("busy", "This server is receiving other images. Try again in a few seconds.", {
      retryAfter: spread(2, 8),
    });
  }

  return {
    open() {
      const state: State = { held: new Map(), planned: 0, networks: 0, ends: now() + leaseMs };
      states.add(state);
      return {
        plan(bytes, networkBytes) {
          if (bytes > state.planned || networkBytes > state.networks) assertRoom(state, bytes, networkBytes);
          state.planned = bytes;
          state.networks = networkBytes;
        },
        hold(kind, bytes) {
          // The networks may have grown since the last change.
          measure();
          const before = state.held.get(kind) ?? 0;
          if (bytes > before) {
            assertRoom(state, sum(state.held) - before + bytes);
            if (kind === "upload") assertReceiving(state, bytes);
          }
          state.held.set(kind, bytes);
          measure();
        },
        release() {
          measure();
          states.delete(state);
        },
      };
    },
    use() {
      measure();
      return { buffers: buffers(), peak, limit };
    },
  };
}
