/** The little of `cloudflare:test` that tests in workerd use. */
declare module "cloudflare:test" {
  import type { ObjectContext } from "cloudflare:workers";

  /** Runs a callback inside an object, with its storage. */
  export function runInDurableObject<R>(
    stub: unknown,
    callback: (instance: unknown, state: ObjectContext) => R | Promise<R>,
  ): Promise<R>;
  /** Runs the object's alarm now, if it has one. @returns whether it had */
  export function runDurableObjectAlarm(stub: unknown): Promise<boolean>;
  /** Tears the instance down; what it stored stays. */
  export function evictDurableObject(stub: unknown): Promise<void>;
  /** All objects of a namespace that have ever stored something. */
  export function listDurableObjectIds(namespace: unknown): Promise<{ toString(): string }[]>;
}
