/**
 * @module
 * Whether ORT's heap has room for an input. ORT's JavaScript does not look whether its allocation for an input failed and
 * would then write over the module's own data (see guard.ts), so the room is reserved beforehand.
 */
import type { Ort } from "./host.ts";

/** What allocations besides the input may take meanwhile, in bytes. */
const slack = 1024 * 1024;

/**
 * @param headroom bytes by which the heap may still grow; when that is enough there is nothing to try
 * @param bytes size of the input
 * @throws Error "failed to allocate ..." of ORT
 */
export async function assertInputRoom(ort: Ort, headroom: number, bytes: number): Promise<void> {
  if (headroom >= bytes + slack) return;
  // ORT copies a model to its heap and does look there whether the allocation failed; no model is all zeros, so what it
  // copied is freed at once.
  try {
    const session = await ort.InferenceSession.create(new Uint8Array(bytes + slack), { logSeverityLevel: 4 });
    await session.release();
  } catch (error) {
    if (/failed to allocate/.test(String(error))) throw error;
  }
}
