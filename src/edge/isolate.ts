/**
 * @module
 * What one isolate shares between its requests, made from its bindings on first use.
 */
import { isolateRuntime } from "#isolate-runtime";
import { createServices, type RateLimiter, type Services } from "./api/services.ts";
import { readSettings } from "./api/settings.ts";
import { createExamSessions } from "./exams/exam-sessions.ts";
import type { ExamBindings } from "./exams/protocol.ts";
import { createTransport } from "./fanout/create-transport.ts";
import type { CropNamespace, CropStub } from "./fanout/durable-object.ts";
import { type AssetFetcher, assetStore } from "./models/asset-store.ts";
import { chooseFileBy } from "./models/choose-runtime.ts";
import { createRegistry } from "./models/registry.ts";
import type { UploadBindings } from "./uploads/protocol.ts";
import { createUploadSessions } from "./uploads/upload-sessions.ts";

/** Bindings of wrangler.toml; `api/settings.ts` reads the variables. */
export type Env = {
  ASSETS: AssetFetcher;
  CROP_SHARDS?: CropNamespace;
  CROPS?: CropStub;
  RATE_LIMITER?: RateLimiter;
  TILE_RATE_LIMITER?: RateLimiter;
} & Omit<UploadBindings, "EXAMS"> &
  ExamBindings &
  Record<string, unknown>;

let shared: Services | undefined;

/**
 * The isolate's services.
 * @throws Error when a variable or binding is wrong; it names which
 */
export function isolateServices(env: Env): Services {
  shared ??= build(env);
  return shared;
}

function build(env: Env): Services {
  const settings = readSettings(env);
  const limit = settings.MEMORY_LIMIT_MB * 1024 * 1024;
  const { runtime, memory, available } = isolateRuntime(limit);
  const wishes = { global: settings.GLOBAL_RUNTIME, local: settings.LOCAL_RUNTIME };
  const chooseFile = chooseFileBy(wishes, available);
  const sessions = createUploadSessions(env);
  return createServices({
    settings,
    registry: createRegistry(assetStore(env.ASSETS, "/models"), runtime, chooseFile),
    memory,
    chooseFile,
    rateLimiter: env.RATE_LIMITER,
    assets: env.ASSETS,
    tileRateLimiter: env.TILE_RATE_LIMITER,
    sessions,
    exams: createExamSessions(env, sessions),
    log: (line) => console.error(line),
    transport: (service) =>
      createTransport(
        {
          name: settings.FANOUT,
          shards: settings.SHARDS,
          urls: settings.FANOUT_URLS,
          token: settings.FANOUT_TOKEN,
          namespace: env.CROP_SHARDS,
          binding: env.CROPS,
        },
        service,
      ),
  });
}
