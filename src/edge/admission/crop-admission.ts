/**
 * @module
 * Lets crops of this isolate compute one after the other; those that wait are counted meanwhile.
 */
import { createGate, type Lease } from "./gate.ts";
import type { MemoryLedger } from "./memory-ledger.ts";
import type { Receiving } from "./receiving.ts";

/** Lets one crop in; `bytes` is the size of its message. @throws GlamError `busy`, `out-of-memory`, or the signal's reason */
export type EnterCrop = (signal: AbortSignal, bytes: number) => Promise<Lease>;

/** Copies of a crop's message, at most: blocks of the body, the message, and its pixels in float32 where onnxruntime-web runs. */
const COPIES = 6;

/** Most crops that wait in one isolate. */
const WAITING = 64;

/** @param leaseMs longer than any crop may take */
export function createCropAdmission(ledger: MemoryLedger, receiving: Receiving, leaseMs: number): EnterCrop {
  const gate = createGate({ slots: 1, waiting: WAITING, leaseMs });
  return async (signal, bytes) => {
    const share = ledger.open();
    try {
      await receiving.whenRoom(() => share.hold("crops", COPIES * bytes), signal);
      const lease = await gate.enter(signal);
      return {
        release() {
          lease.release();
          share.release();
        },
      };
    } catch (error) {
      share.release();
      throw error;
    }
  };
}
