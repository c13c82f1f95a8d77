/**
 * @module
 * Tells the isolate's ledger what one request holds, stage by stage.
 */
import type { BufferShare } from "./memory-ledger.ts";
import type { RequestPlan } from "./request-plan.ts";

/** The stages of a request, in order. */
export type RequestAccount = {
  /** Before the canvas is made. @throws GlamError `out-of-memory`, `busy` */
  decoding(bits: 8 | 16): void;
  /** Tiles are gone. */
  decoded(): void;
  /** The global network has its input. */
  running(): void;
  /** Crops are cut, the canvas is gone. */
  cut(): void;
  /** Crops are back. */
  answering(): void;
};

/**
 * @param plan buffers for each depth of pixels
 * @param networks bytes that this isolate's networks will have
 */
export function accountRequest(
  share: BufferShare,
  plan: (bits: 8 | 16) => RequestPlan,
  networks: number,
): RequestAccount {
  let known = plan(8);
  return {
    decoding(bits) {
      known = plan(bits);
      share.plan(known.peak, networks);
      share.hold("canvas", known.canvas);
      share.hold("decoding", known.decoding);
    },
    decoded() {
      share.hold("decoding", 0);
      share.hold("upload", 0);
    },
    running() {
      share.hold("input", known.input);
      share.hold("maps", known.maps);
    },
    cut() {
      share.hold("input", 0);
      share.hold("canvas", 0);
      share.hold("crops", known.crops + known.localMaps);
      // Where crops run in this isolate, they need some of that room.
      share.plan(known.afterCut, networks);
    },
    answering() {
      share.hold("crops", known.localMaps);
      share.hold("answer", known.answer);
    },
  };
}
