/**
 * @module
 * Options of commands that compute here or ask a service.
 */
import { GlamError } from "../../src/glam/problem.ts";
import { defaultModel } from "../bundle/model-index.ts";
import type { SegmenterPlace } from "../files/segmenter.ts";

export type PlaceOptions = { url?: string; apiKey?: string; model?: string };

/** @throws GlamError `invalid-request` for both at once */
export async function placeOf({ url, apiKey, model }: PlaceOptions): Promise<SegmenterPlace> {
  if (url === undefined) return { folder: model ?? (await defaultModel()) };
  if (model === undefined) return { url, apiKey };
  throw new GlamError("invalid-request", "--model is for computing here; leave out --url.");
}
