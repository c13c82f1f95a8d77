/**
 * @module
 * What the routes work with: one set an isolate, made from its bindings, or from stand-ins in a test.
 */

import { createCropAdmission, type EnterCrop } from "../admission/crop-admission.ts";
import { createGate, type Gate } from "../admission/gate.ts";
import { createMemoryLedger, type MemoryLedger } from "../admission/memory-ledger.ts";
import { createReceiving, type Receiving } from "../admission/receiving.ts";
import type { ExamSessionsOf } from "../exams/exam-sessions.ts";
import { createCropService } from "../fanout/crop-service.ts";
import type { CropService, Transport } from "../fanout/transport.ts";
import type { MemoryUse } from "../inference/runtime.ts";
import type { AssetFetcher } from "../models/asset-store.ts";
import { type ChooseFile, preferredFile } from "../models/choose-runtime.ts";
import type { ModelRegistry } from "../models/registry.ts";
import type { UploadSessionsOf } from "../uploads/upload-sessions.ts";
import { describeError, type Log } from "./problem-document.ts";
import type { Settings } from "./settings.ts";

/** Cloudflare's rate limiting binding. */
export type RateLimiter = { limit(options: { key: string }): Promise<{ success: boolean }> };

/** One isolate's services. */
export type Services = {
  settings: Settings;
  registry: ModelRegistry;
  /** Segmentations that compute in this isolate. */
  gate: Gate;
  /** Uploads that come tile by tile; absent without the bindings. */
  sessions: UploadSessionsOf | undefined;
  /** Exams; absent without the bindings. */
  exams: ExamSessionsOf | undefined;
  /** One exam of this isolate at a time goes to the gate: others must not wait behind all exams that there are. */
  examTurns: Gate;
  /** Segments crops in this isolate. */
  cropService: CropService;
  /** Carries crops to wherever they are segmented. */
  transport: Transport;
  memory: () => MemoryUse;
  /** Counts the large buffers of this isolate. */
  ledger: MemoryLedger;
  /** Bodies that arrive. */
  receiving: Receiving;
  /** Which of a network's files this isolate runs. */
  chooseFile: ChooseFile;
  cropsServed: () => number;
  rateLimiter: RateLimiter | undefined;
  /** Static files: the page, and the bundles, which only the registry reads. */
  assets: AssetFetcher;
  /** Counts tiles of uploads, of which one image has dozens; absent, they count as requests do. */
  tileRateLimiter?: RateLimiter | undefined;
  log: Log;
};

/** What {@link createServices} cannot make by itself. */
export type ServiceParts = Pick<
  Services,
  "settings" | "registry" | "memory" | "rateLimiter" | "tileRateLimiter" | "sessions" | "exams" | "assets" | "log"
> & {
  chooseFile?: ChooseFile;
  /** Makes the transport, to which it may give the isolate's own crop service. */
  transport: (service: CropService) => Transport;
};

/** Longer than any request may take: after its deadline it still merges, encodes and sends. */
export const requestLeaseMs = ({ DEADLINE_MS }: Settings): number => DEADLINE_MS * 2 + 30_000;

/** Puts an isolate's services together. */
export function createServices({ transport, chooseFile = preferredFile, ...parts }: ServiceParts): Services {
  const { CROP_DEADLINE_MS, MAX_RUNNING, MAX_WAITING, MAX_BODY_MB, ISOLATE_LIMIT_MB } = parts.settings;
  const leaseMs = requestLeaseMs(parts.settings);
  const ledger = createMemoryLedger({
    limit: ISOLATE_LIMIT_MB * 1024 * 1024,
    // The largest body, and several of the usual size beside networks and a request that computes.
    receiving: Math.max(MAX_BODY_MB, ISOLATE_LIMIT_MB / 2) * 1024 * 1024,
    networks: () => parts.memory().bytes,
    leaseMs,
  });
  const receiving = createReceiving();
  let served = 0;
  const admission = createCropAdmission(ledger, receiving, CROP_DEADLINE_MS * 2 + 30_000);
  const cropService = (enter: EnterCrop): CropService =>
    createCropService({
      registry: parts.registry,
      enter,
      served: () => served++,
      failed: (error) => void describeError(error, parts.log),
    });
  return {
    ...parts,
    gate: createGate({ slots: MAX_RUNNING, waiting: MAX_WAITING, leaseMs }),
    examTurns: createGate({ slots: 1, waiting: 0, leaseMs }),
    ledger,
    receiving,
    chooseFile,
    cropService: cropService(admission.apart),
    transport: transport(cropService(admission.inline)),
    cropsServed: () => served,
  };
}
