/** The little of the Workers runtime that this code touches; the generated types do not live beside lib.dom. */
declare module "cloudflare:workers" {
  export abstract class DurableObject<E = unknown> {
    constructor(ctx: unknown, env: E);
    protected env: E;
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
