/**
 * @module
 * The receiving end of every transport: bytes of a crop to bytes of a local map.
 */

import { decodeCrop, encodeFailure, encodeMap } from "../../contract/crop-wire.ts";
import { GlamError } from "../../glam/problem.ts";
import { localMapSide } from "../../glam/spec.ts";
import type { EnterCrop } from "../admission/crop-admission.ts";
import { manifestHash } from "../models/manifest-hash.ts";
import type { ModelRegistry } from "../models/registry.ts";
import type { CropService } from "./transport.ts";

/** What the service needs. */
export type CropServiceOptions = {
  registry: Pick<ModelRegistry, "manifest" | "localNetwork">;
  /** One crop at a time computes. */
  enter: EnterCrop;
  /** Told of each crop that was segmented. */
  served?: () => void;
  /** Told of each failure. */
  failed?: (error: unknown) => void;
};

/** A service that answers every message, failures included. */
export function createCropService(options: CropServiceOptions): CropService {
  return async (message, signal) => {
    try {
      const { map, side } = await segmentMessage(message, signal, options);
      options.served?.();
      return encodeMap(map, side);
    } catch (error) {
      options.failed?.(error);
      return encodeFailure(error instanceof GlamError ? error.code : "internal-error");
    }
  };
}

/** Checks the crop against this isolate's model, then runs it. */
async function segmentMessage(
  message: Uint8Array,
  signal: AbortSignal,
  { registry, enter }: CropServiceOptions,
): Promise<{ map: Float32Array; side: number }> {
  const { crop, model } = decodeCrop(message);
  const manifest = await registry.manifest(model.name);
  if ((await manifestHash(manifest)) !== model.sha256) {
    throw new GlamError("model-not-found", "This shard has another version of the model.");
  }
  if (crop.side !== manifest.spec.crop) {
    throw new GlamError("invalid-request", "The crop does not have the model's side.");
  }
  const side = localMapSide(manifest.spec);
  const [from, to] = crop.band ?? [0, side];
  if (from >= to || to > side)
    throw new GlamError("invalid-request", "The map does not have the rows that are wanted.");
  const lease = await enter(signal, message.byteLength);
  try {
    const network = await registry.localNetwork(model.name);
    const map = await network.run(crop, [from, to]);
    if (map.length !== 2 * (to - from) * side)
      throw new GlamError("model-damaged", "The local network's map has another size.");
    return { map, side };
  } finally {
    lease.release();
  }
}
