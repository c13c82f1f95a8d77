/**
 * @module
 * What Cloudflare calls: the HTTP API, Durable Objects that segment crops, hold uploads and compute exams, and crops behind a service binding.
 */
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import { createApp } from "./edge/api/app.ts";
import { errorResponse } from "./edge/api/problem-document.ts";
import type { App } from "./edge/api/routes/context.ts";
import { type Env, isolateServices } from "./edge/isolate.ts";

export { ExamSession } from "./edge/exams/exam-session.ts";
export { UploadCounter } from "./edge/uploads/upload-counter.ts";
export { UploadSession } from "./edge/uploads/upload-session.ts";

let app: App | undefined;

export default {
  fetch(
    request: Request,
    env: Env,
    ctx: { waitUntil(promise: Promise<unknown>): void; passThroughOnException(): void; props: unknown },
  ): Response | Promise<Response> {
    try {
      app ??= createApp(isolateServices(env));
    } catch (error) {
      // Settings come from the operator, not from a caller, so this message may be logged.
      console.error(error instanceof Error ? error.message : "The settings cannot be read.");
      return errorResponse(error, console.error);
    }
    return app.fetch(request, env, ctx);
  },
};

/** One shard: segments one crop at a time, apart from the Worker's own isolate. Stores nothing. */
export class CropShard extends DurableObject<Env> {
  /** @param message a crop as `contract/crop-wire.ts` defines it; failures are answers too */
  segment(message: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    return isolateServices(this.env).cropService(message, signal);
  }
}

/** The same for the transport `service-binding`. */
export class CropEntrypoint extends WorkerEntrypoint<Env> {
  /** @param message a crop as `contract/crop-wire.ts` defines it; failures are answers too */
  segment(message: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const work = isolateServices(this.env).cropService(message, signal);
    // A caller that leaves must not strand what other requests wait for, e.g. a network being loaded.
    this.ctx.waitUntil(work);
    return work;
  }
}
