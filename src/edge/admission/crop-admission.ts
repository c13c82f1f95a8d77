/**
 * @module
 * Lets crops of this isolate compute one after the other; those that wait are counted meanwhile.
 */
import { createGate, type Lease } from "./gate.ts";
import type { MemoryLedger } from "./memory-ledger.ts";
import type { Receiving } from "./receiving.ts";

/** Lets one crop in; `bytes` is the size of its message. @throws GlamError `busy`, `out-of-memory`, or the signal's reason */
export type EnterCrop = (signal: AbortSignal, bytes: number) => Promise<Lease>;

/** Ways in: of crops whose answers leave this isolate, and of those that stay. */
export type CropAdmission = { apart: EnterCrop; inline: EnterCrop };

/** Copies of a crop's message, at most: blocks of the body, the message, and its pixels in float32 where onnxruntime-web runs. */
const COPIES = 6;

/** Most crops that wait in one isolate. */
const WAITING = 64;

/** Long enough for an answer to pass the platform's own steps. */
const SEND_MS = 2;

/** @param leaseMs longer than any crop may take */
export function createCropAdmission(ledger: MemoryLedger, receiving: Receiving, leaseMs: number): CropAdmission {
  const gate = createGate({ slots: 1, waiting: WAITING, leaseMs });
  let unsent = false;
  const enter = async (signal: AbortSignal, bytes: number, apart: boolean): Promise<Lease> => {
    const share = ledger.open();
    try {
      await receiving.whenRoom(() => share.hold("crops", COPIES * bytes), signal);
      const lease = await gate.enter(signal);
      // While a crop computes nothing is sent: the answer of the one before would wait for this one's.
      if (unsent) await letOthersSend();
      unsent = apart;
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
  return {
    apart: (signal, bytes) => enter(signal, bytes, true),
    inline: (signal, bytes) => enter(signal, bytes, false),
  };
}

/** The platform's clock stands while a crop computes: only a timer that was set after that takes its time. */
async function letOthersSend(): Promise<void> {
  for (const ms of [0, SEND_MS]) await new Promise((resolve) => setTimeout(resolve, ms));
}
