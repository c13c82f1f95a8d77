/**
 * @module
 * What a place for sealed bytes of a Durable Object can do. A row of the object holds the key of each, and whoever removes that
 * row drops the key.
 */

/** Times in milliseconds since the epoch. */
export type SealedStore = {
  /**
   * Stores bytes, then calls `commit` in a transaction: it writes the row that holds the key, or drops the key.
   * @throws GlamError `busy` when the bucket does not answer; `commit` is not called then
   */
  put<T>(sealed: Uint8Array<ArrayBuffer>, commit: (key: string) => T): Promise<T>;
  /** @returns undefined when nothing is there @throws GlamError `busy` */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Gives bytes up, in the transaction that removes their row. */
  drop(key: string): void;
  /**
   * When to sweep should nobody have by then; undefined when nothing of what was given up is left. It is some seconds ahead,
   * so that an alarm does not come while the call that sets it sweeps.
   */
  due(): number | undefined;
  /** Deletes what was given up. Never throws: what cannot be deleted now is due later. */
  sweep(): Promise<void>;
};
