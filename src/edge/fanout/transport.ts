/**
 * @module
 * What carries a crop's bytes to somewhere that runs the local network.
 */

/**
 * Runs one crop: a message of `contract/crop-wire.ts` in, one out. Failures are messages too; it never rejects. A crop that waits for its
 * turn leaves the queue when the signal is aborted.
 */
export type CropService = (message: Uint8Array, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** One of the four transports. */
export type Transport = {
  readonly name: "durable-object" | "service-binding" | "https" | "inline";
  /** How many places there are to choose from: shards, URLs, or 1. */
  readonly targets: number;
  /**
   * Carries one message.
   * @param target 0 to `targets - 1`
   * @param signal aborted when the answer is not wanted; a transport that cannot stop the work ignores it
   * @param maxBytes of an answer; a transport to another deployment reads no more than that
   */
  send(target: number, message: Uint8Array<ArrayBuffer>, signal: AbortSignal, maxBytes: number): Promise<Uint8Array>;
};
