/**
 * @module
 * Uploads that outlive the program that began them.
 */
import { hex } from "../../bytes/hex.ts";
import type { SegmentationRequestInput } from "../../contract/request.ts";
import { jsonBytes } from "./multipart.ts";
import { sha256 } from "./sha256.ts";

/**
 * An upload at the service, as the events `uploading` tell it: plain JSON, for the caller to store and to give back as `resume` of
 * the same image and options, also after a restart. It is a key to the upload: store it as you store the image.
 */
export type KeptUpload = {
  /** The service's name for it. */
  id: string;
  /** SHA-256 of the request in hex; an upload for another view, size or option is not resumed. */
  request: string;
};

/** @param id of an upload that was opened with this request */
export const keptUpload = (id: string, request: SegmentationRequestInput): KeptUpload => ({
  id,
  request: digest(request),
});

/** The upload's identifier, when it was opened with this very request and is well formed. */
export function resumable(kept: KeptUpload | undefined, request: SegmentationRequestInput): string | undefined {
  if (kept === undefined || kept.request !== digest(request)) return undefined;
  return isUploadId(kept.id) ? kept.id : undefined;
}

/** Identifiers become a part of addresses. */
export const isUploadId = (id: unknown): id is string => typeof id === "string" && /^[A-Za-z0-9_-]{1,128}$/.test(id);

/** The order of fields is the client's own, so the same request gives the same text. */
const digest = (request: SegmentationRequestInput): string => hex(sha256(jsonBytes(request)));
