/** The little of the Workers runtime that this code touches; the generated types do not live beside lib.dom. */
declare module "cloudflare:workers" {
  /** Storage of a SQLite-backed Durable Object; `kv` works at once, without waiting. */
  export type ObjectStorage = {
    kv: {
      get<T>(key: string): T | undefined;
      put(key: string, value: unknown): void;
      delete(key: string): boolean;
      list<T>(options?: { prefix?: string }): Iterable<[string, T]>;
    };
    transactionSync<T>(work: () => T): T;
    getAlarm(): Promise<number | null>;
    setAlarm(time: number): Promise<void>;
    deleteAlarm(): Promise<void>;
    deleteAll(): Promise<void>;
    /** Settles when everything written before is on the disk. */
    sync(): Promise<void>;
  };
  /** `id` as text has 64 hexadecimal digits, a hash of the object's name. */
  export type ObjectContext = { id: { toString(): string }; storage: ObjectStorage };
  export abstract class DurableObject<E = unknown> {
    constructor(ctx: unknown, env: E);
    protected env: E;
    alarm?(): Promise<void>;
  }
  export abstract class WorkerEntrypoint<E = unknown> {
    constructor(ctx: unknown, env: E);
    protected env: E;
    protected ctx: { waitUntil(promise: Promise<unknown>): void };
  }
  /** The bindings; in tests only. */
  export const env: Record<string, unknown>;
  /** The Worker's own exports; in tests only. */
  export const exports: { default: { fetch(request: Request): Promise<Response> } };
}
